//! A wire between Sayso and a server of somebody else's, on which everything that is sent is noted as it went.

use std::{
    io::{Read as _, Write as _},
    net::{Shutdown, SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    thread,
};

/// Passes connections on to a port of this machine. Its threads end with it and with the connections.
pub struct Wiretap {
    address: SocketAddr,
    sent: Arc<Mutex<Vec<u8>>>,
    is_over: Arc<AtomicBool>,
}

impl Wiretap {
    /// On the way to this port.
    pub fn before(port: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let (sent, is_over) = (Arc::<Mutex<Vec<u8>>>::default(), Arc::<AtomicBool>::default());
        let (noted, over) = (Arc::clone(&sent), Arc::clone(&is_over));
        thread::spawn(move || {
            for caller in listener.incoming() {
                if over.load(Ordering::SeqCst) {
                    return;
                }
                let (Ok(caller), Ok(server)) = (caller, TcpStream::connect(("127.0.0.1", port))) else { continue };
                let (Ok(back), Ok(from)) = (caller.try_clone(), server.try_clone()) else { continue };
                let noted = Arc::clone(&noted);
                thread::spawn(move || pass(caller, server, |bytes| noted.lock().unwrap().extend_from_slice(bytes)));
                thread::spawn(move || pass(from, back, |_| {}));
            }
        });
        Self { address, sent, is_over }
    }

    pub fn url(&self) -> String {
        format!("http://{}/mcp", self.address)
    }

    /// All that was sent towards the server, on all connections.
    pub fn sent(&self) -> String {
        String::from_utf8_lossy(&self.sent.lock().unwrap()).into_owned()
    }
}

impl Drop for Wiretap {
    fn drop(&mut self) {
        self.is_over.store(true, Ordering::SeqCst);
        // Wakes the listener.
        let _ = TcpStream::connect(self.address);
    }
}

fn pass(mut from: TcpStream, mut to: TcpStream, note: impl Fn(&[u8])) {
    let mut bytes = [0; 16 * 1024];
    while let Ok(count @ 1..) = from.read(&mut bytes) {
        // Noted first: what the server acted on was seen.
        note(&bytes[..count]);
        if to.write_all(&bytes[..count]).is_err() {
            break;
        }
    }
    let _ = to.shutdown(Shutdown::Write);
}
