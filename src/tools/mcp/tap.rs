//! What stands between a connection and the protocol's library: it sees each message in its order.
//!
//! The library handles each notification in a task of its own, so that progress overtakes itself and its result, and
//! a flood of notifications becomes a flood of tasks. Here progress goes to its call in order, changes of lists
//! become one flag, and neither comes any further. It also knows, for each call, whether its bytes may have left.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
};

use rmcp::{
    model::{
        ClientRequest, GetExtensions as _, GetMeta as _, JsonRpcMessage, ProgressToken, RequestId, ServerNotification,
    },
    service::{InboundStreamOrigin, RoleClient, RxJsonRpcMessage, TxJsonRpcMessage},
    transport::Transport,
};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::{Elicit, words};

/// The most characters of a message of progress.
const MAX_MESSAGE: usize = 500;

/// How far a call is.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Progress {
    pub message: Option<String>,
    pub fraction: Option<f64>,
}

/// A call while it runs. It travels with its request to the transport, so that what the transport sees of it is
/// known here, without a name that a server could guess.
pub(super) struct Running {
    /// Its arguments as they were approved.
    pub text: String,
    /// Where its progress goes; what finds no room is left out.
    pub progress: mpsc::Sender<Progress>,
    /// Who asks its person.
    pub elicit: Arc<dyn Elicit>,
    /// It is over: questions of it are taken back.
    pub over: CancellationToken,
    /// Questions that wait for the person.
    pub asking: AtomicUsize,
    /// Questions that there were.
    pub asked: AtomicUsize,
    /// Its bytes may have left.
    pub left: AtomicBool,
    /// Its answer came and could not be read.
    pub unreadable: AtomicBool,
}

/// How a running call travels with its request.
#[derive(Clone)]
pub(super) struct Tag(pub Arc<Running>);

/// Calls that run, by their requests; each with the token of its progress.
type Routes = HashMap<RequestId, (Option<ProgressToken>, Arc<Running>)>;

/// What is known of one connection.
pub(super) struct Wire {
    routes: Mutex<Routes>,
    /// The list of tools changed.
    stale: Arc<AtomicBool>,
    /// Nothing comes any more.
    pub closed: CancellationToken,
    /// Why, if we know better than “it closed”.
    why: Mutex<Option<String>>,
}

impl Wire {
    pub fn new(stale: Arc<AtomicBool>) -> Self {
        Self { routes: Mutex::default(), stale, closed: CancellationToken::new(), why: Mutex::default() }
    }

    fn routes(&self) -> MutexGuard<'_, Routes> {
        self.routes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Says why it will close; the first reason stays.
    pub fn because(&self, why: impl Into<String>) {
        self.why.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert_with(|| why.into());
    }

    /// Why it closed.
    pub fn why(&self) -> Option<String> {
        self.why.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The answer to this request came, but cannot be read.
    pub fn unreadable(&self, id: &RequestId) {
        if let Some((_, running)) = self.routes().get(id) {
            running.unreadable.store(true, Ordering::Release);
        }
    }

    /// A call is over, however it ended.
    pub fn forget(&self, id: &RequestId) {
        self.routes().remove(id);
    }

    /// The one call that a request of the server belongs to. One that came on a call's own stream belongs to it. Where
    /// all share one stream, only the old revisions let a server ask at all, and it belongs to a call only if there is
    /// but one.
    pub fn belongs_to(&self, origin: Option<&InboundStreamOrigin>, initialised: bool) -> Option<Arc<Running>> {
        let routes = self.routes();
        match origin {
            Some(InboundStreamOrigin::OutboundRequest(id)) => routes.get(id).map(|(_, running)| Arc::clone(running)),
            _ if initialised && routes.len() == 1 => routes.values().next().map(|(_, running)| Arc::clone(running)),
            _ => None,
        }
    }

    /// Looks at what goes out.
    fn sent(&self, message: &TxJsonRpcMessage<RoleClient>) -> Option<Arc<Running>> {
        let JsonRpcMessage::Request(request) = message else { return None };
        let ClientRequest::CallToolRequest(call) = &request.request else { return None };
        let Tag(running) = call.extensions().get::<Tag>()?;
        let token = request.request.get_meta().get_progress_token();
        self.routes().insert(request.id.clone(), (token, Arc::clone(running)));
        Some(Arc::clone(running))
    }

    /// Looks at what came in; whether it goes any further.
    fn received(&self, message: &RxJsonRpcMessage<RoleClient>) -> bool {
        match message {
            JsonRpcMessage::Response(response) => {
                self.forget(&response.id);
                true
            }
            JsonRpcMessage::Error(error) => {
                if let Some(id) = &error.id {
                    self.forget(id);
                }
                true
            }
            JsonRpcMessage::Request(_) => true,
            JsonRpcMessage::Notification(notification) => match &notification.notification {
                ServerNotification::ProgressNotification(progress) => {
                    let params = &progress.params;
                    let routes = self.routes();
                    let of_token =
                        |(token, _): &&(Option<ProgressToken>, _)| token.as_ref() == Some(&params.progress_token);
                    if let Some((_, running)) = routes.values().find(of_token) {
                        let total = params.total.filter(|total| *total > 0.0 && total.is_finite());
                        let fraction = total.map(|total| (params.progress / total).clamp(0.0, 1.0));
                        let message =
                            params.message.as_deref().map(|text| words::bounded(&words::line(text), MAX_MESSAGE));
                        let _ = running.progress.try_send(Progress { message, fraction });
                    }
                    false
                }
                ServerNotification::ToolListChangedNotification(_) => {
                    self.stale.store(true, Ordering::Release);
                    false
                }
                // The library needs these for what it keeps itself.
                ServerNotification::SubscriptionsAcknowledgedNotification(_)
                | ServerNotification::CancelledNotification(_) => true,
                _ => false,
            },
        }
    }
}

/// A transport with somebody who watches.
pub(super) struct Tap<T> {
    inner: T,
    wire: Arc<Wire>,
}

impl<T> Tap<T> {
    pub fn new(inner: T, wire: Arc<Wire>) -> Self {
        Self { inner, wire }
    }
}

impl<T: Transport<RoleClient>> Transport<RoleClient> for Tap<T> {
    type Error = T::Error;

    fn send(
        &mut self,
        item: TxJsonRpcMessage<RoleClient>,
    ) -> impl Future<Output = Result<(), Self::Error>> + Send + 'static {
        let running = self.wire.sent(&item);
        let sending = self.inner.send(item);
        async move {
            if let Some(running) = running {
                running.left.store(true, Ordering::Release);
            }
            sending.await
        }
    }

    async fn receive(&mut self) -> Option<RxJsonRpcMessage<RoleClient>> {
        // This future is dropped at any time: between the inner one and the end nothing waits.
        while let Some(message) = self.inner.receive().await {
            if self.wire.received(&message) {
                return Some(message);
            }
        }
        self.wire.closed.cancel();
        None
    }

    fn close(&mut self) -> impl Future<Output = Result<(), Self::Error>> + Send {
        self.inner.close()
    }
}

impl<T> Drop for Tap<T> {
    fn drop(&mut self) {
        self.wire.closed.cancel();
    }
}
