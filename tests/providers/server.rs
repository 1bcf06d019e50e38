//! A server that gives prepared answers, and keeps what it was asked.

use std::sync::{Arc, Mutex};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

pub struct Prepared {
    pub url: String,
    pub requests: Arc<Mutex<Vec<String>>>,
}

impl Prepared {
    /// Answers everything with `status`, headers (each with its line end) and body.
    pub async fn start(status: u16, headers: &str, body: &str) -> Self {
        Self::playing(&[(status, headers, body)]).await
    }

    /// Gives these answers one after the other, the last one again and again.
    pub async fn playing(answers: &[(u16, &str, &str)]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let requests = Arc::new(Mutex::new(Vec::new()));
        let written = |(status, headers, body): &(u16, &str, &str)| {
            let length = body.len();
            format!("HTTP/1.1 {status} X\r\n{headers}content-length: {length}\r\nconnection: close\r\n\r\n{body}")
        };
        let answers: Vec<_> = answers.iter().map(written).collect();
        let kept = requests.clone();
        tokio::spawn(async move {
            while let Ok((mut socket, _)) = listener.accept().await {
                let mut request = Vec::new();
                while !is_whole(&request) && socket.read_buf(&mut request).await.is_ok_and(|read| read > 0) {}
                let answer = {
                    let mut kept = kept.lock().unwrap();
                    kept.push(String::from_utf8_lossy(&request).into_owned());
                    answers.get(kept.len() - 1).or(answers.last()).unwrap()
                };
                let _ = socket.write_all(answer.as_bytes()).await;
                let _ = socket.shutdown().await;
            }
        });
        Self { url, requests }
    }
}

fn is_whole(request: &[u8]) -> bool {
    let text = String::from_utf8_lossy(request);
    let Some((head, body)) = text.split_once("\r\n\r\n") else { return false };
    let length = head.lines().find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length: ")?.parse().ok());
    body.len() >= length.unwrap_or(0)
}

impl Prepared {
    /// The bodies of what it was asked, as JSON.
    pub fn bodies(&self) -> Vec<serde_json::Value> {
        let requests = self.requests.lock().unwrap();
        requests.iter().filter_map(|text| serde_json::from_str(text.split_once("\r\n\r\n")?.1).ok()).collect()
    }
}
