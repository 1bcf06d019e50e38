//! Servers, names and a judge for tests of what reaches the network. `127.0.0.9` stands for the public internet; all
//! else on loopback is as private as it is.

use std::{
    collections::{HashMap, VecDeque},
    io,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use futures_util::{FutureExt as _, future::BoxFuture};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

use super::{
    Guard,
    address::{Reach, judge},
    names::Names,
};

/// What counts as public here.
pub const PUBLIC: &str = "127.0.0.9";

/// Where nobody from outside has any business.
pub const PRIVATE: &str = "127.0.0.1";

fn test_judge(address: IpAddr) -> Reach {
    if address == IpAddr::V4(Ipv4Addr::new(127, 0, 0, 9)) { Reach::Public } else { judge(address) }
}

/// A guard over these names.
pub fn guard(names: &Arc<Told>) -> Guard {
    Guard::over("Sayso/test", Arc::clone(names) as Arc<dyn Names>, test_judge).unwrap()
}

/// Names with the answers they give, one after the other; the last one stays.
#[derive(Default)]
pub struct Told {
    answers: Mutex<HashMap<String, VecDeque<Vec<IpAddr>>>>,
    asked: AtomicUsize,
}

impl Told {
    /// Each name with one list of addresses for each time it is asked.
    pub fn new(names: &[(&str, &[&[&str]])]) -> Arc<Self> {
        let parse = |list: &&[&str]| list.iter().map(|address| address.parse().unwrap()).collect();
        let answers =
            names.iter().map(|(name, lists)| ((*name).to_owned(), lists.iter().map(parse).collect())).collect();
        Arc::new(Self { answers: Mutex::new(answers), asked: AtomicUsize::new(0) })
    }

    /// How often anything was asked.
    pub fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }
}

impl Names for Told {
    fn addresses(&self, name: &str) -> BoxFuture<'static, io::Result<Vec<IpAddr>>> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        let mut answers = self.answers.lock().unwrap();
        let found = answers.get_mut(name).map(|lists| match lists.len() {
            0 => Vec::new(),
            1 => lists[0].clone(),
            _ => lists.pop_front().unwrap(),
        });
        async move { found.ok_or_else(|| io::ErrorKind::NotFound.into()) }.boxed()
    }
}

/// What a server answers.
pub enum Reply {
    /// These bytes, and the end.
    Bytes(Vec<u8>),
    /// These bytes, then one and the same byte again and again.
    Drip(Vec<u8>, u8),
    /// These bytes, then these others without end.
    Endless(Vec<u8>, Vec<u8>),
    /// Nothing, as long as somebody waits.
    Silence,
}

/// A whole answer.
pub fn reply(status: &str, headers: &str, body: impl AsRef<[u8]>) -> Reply {
    let body = body.as_ref();
    let mut bytes = format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\n{headers}\r\n", body.len()).into_bytes();
    bytes.extend_from_slice(body);
    Reply::Bytes(bytes)
}

/// A good answer of this type.
pub fn page(content_type: &str, body: impl AsRef<[u8]>) -> Reply {
    reply("200 OK", &format!("Content-Type: {content_type}\r\n"), body)
}

/// A redirect.
pub fn redirect(to: &str) -> Reply {
    reply("302 Found", &format!("Location: {to}\r\n"), "")
}

/// No robots.txt, no page.
pub fn missing() -> Reply {
    reply("404 Not Found", "", "")
}

/// A server for a test.
pub struct Server {
    /// Where it listens.
    pub address: SocketAddr,
    connections: Arc<AtomicUsize>,
    requests: Arc<Mutex<Vec<String>>>,
    task: JoinHandle<()>,
}

impl Server {
    /// Listens at this address and answers each request, whose whole text it is given, by `answer`.
    pub async fn start(at: &str, answer: impl Fn(&str) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind((at, 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let (connections, requests) = (Arc::<AtomicUsize>::default(), Arc::<Mutex<Vec<String>>>::default());
        let (counted, noted, answer) = (Arc::clone(&connections), Arc::clone(&requests), Arc::new(answer));
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                counted.fetch_add(1, Ordering::SeqCst);
                let (noted, answer) = (Arc::clone(&noted), Arc::clone(&answer));
                // A client that hangs up is what some tests are about.
                tokio::spawn(async move {
                    let _ = serve(stream, &noted, &*answer).await;
                });
            }
        });
        Self { address, connections, requests, task }
    }

    /// One that answers every path alike.
    pub async fn always(at: &str, answer: impl Fn() -> Reply + Send + Sync + 'static) -> Self {
        Self::start(at, move |_| answer()).await
    }

    /// An address on it by its number.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// An address on it by a name.
    pub fn named(&self, name: &str, path: &str) -> String {
        format!("http://{name}:{}{path}", self.address.port())
    }

    /// How many connections there were.
    pub fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }

    /// The first lines of all requests.
    pub fn lines(&self) -> Vec<String> {
        self.requests().iter().map(|request| request.lines().next().unwrap_or_default().to_owned()).collect()
    }

    /// All requests whole.
    pub fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn serve(mut stream: TcpStream, noted: &Mutex<Vec<String>>, answer: impl Fn(&str) -> Reply) -> io::Result<()> {
    let mut request = Vec::new();
    while !is_whole(&request) {
        if stream.read_buf(&mut request).await? == 0 {
            return Ok(());
        }
    }
    let request = String::from_utf8_lossy(&request).into_owned();
    noted.lock().unwrap().push(request.clone());
    match answer(&request) {
        Reply::Bytes(bytes) => stream.write_all(&bytes).await?,
        Reply::Drip(bytes, byte) => {
            stream.write_all(&bytes).await?;
            loop {
                stream.write_all(&[byte]).await?;
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        }
        Reply::Endless(bytes, more) => {
            stream.write_all(&bytes).await?;
            loop {
                stream.write_all(&more).await?;
            }
        }
        // Until the other side hangs up.
        Reply::Silence => drop(stream.read(&mut [0]).await?),
    }
    stream.shutdown().await
}

fn is_whole(request: &[u8]) -> bool {
    let text = String::from_utf8_lossy(request).to_ascii_lowercase();
    let Some((head, body)) = text.split_once("\r\n\r\n") else { return false };
    let length = head.lines().find_map(|line| line.strip_prefix("content-length:"));
    body.len() >= length.and_then(|length| length.trim().parse().ok()).unwrap_or(0)
}
