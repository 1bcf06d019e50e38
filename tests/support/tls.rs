//! The TLS of a proxy in tests: a certificate for `localhost` that signs itself, and clients that trust it alone.

use std::{fs, path::PathBuf, process::Command, sync::OnceLock};

use reqwest::ClientBuilder;
use rustls::{
    ClientConfig, RootCertStore,
    pki_types::{CertificateDer, ServerName, pem::PemObject as _},
};
use std::sync::Arc;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
};
use tokio_rustls::TlsConnector;
use url::Url;

use super::target;

/// A connection, with or without TLS.
pub trait Wire: AsyncRead + AsyncWrite + Unpin + Send {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send> Wire for T {}

/// Where `fullchain.pem` and `privkey.pem` lie; made once in a checkout.
pub fn folder() -> PathBuf {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    let make = || {
        let folder = target().join("tls");
        if folder.join("fullchain.pem").is_file() {
            return folder;
        }
        // Made aside and moved into place, so that a binary that runs beside this one never reads half of it.
        let aside = target().join(format!("tls.{}", std::process::id()));
        fs::create_dir_all(&aside).unwrap();
        let mut openssl = Command::new("openssl");
        openssl.args(["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]);
        openssl.args(["-days", "3650", "-subj", "/CN=localhost", "-addext", "basicConstraints=critical,CA:FALSE"]);
        openssl.args(["-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]);
        openssl.arg("-keyout").arg(aside.join("privkey.pem")).arg("-out").arg(aside.join("fullchain.pem"));
        let made = openssl.output().unwrap();
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        if fs::rename(&aside, &folder).is_err() {
            // Another binary was first.
            fs::remove_dir_all(&aside).unwrap();
        }
        folder
    };
    FOLDER.get_or_init(make).clone()
}

fn certificate() -> Vec<u8> {
    fs::read(folder().join("fullchain.pem")).unwrap()
}

/// Lets a client of an https address trust the certificate, and nothing else.
pub fn trusting(builder: ClientBuilder, base: &str) -> ClientBuilder {
    if !base.starts_with("https:") {
        return builder;
    }
    builder.tls_certs_only([reqwest::Certificate::from_pem(&certificate()).unwrap()])
}

/// A connection to the host of a `ws` or `wss` address.
pub async fn dial(address: &str) -> Box<dyn Wire> {
    let url = Url::parse(address).unwrap();
    let (host, port) = (url.host_str().unwrap().to_owned(), url.port_or_known_default().unwrap());
    let stream = TcpStream::connect((host.as_str(), port)).await.unwrap();
    if url.scheme() != "wss" {
        return Box::new(stream);
    }
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(&certificate()).unwrap()).unwrap();
    let config = ClientConfig::builder().with_root_certificates(roots).with_no_client_auth();
    let name = ServerName::try_from(host).unwrap();
    Box::new(TlsConnector::from(Arc::new(config)).connect(name, stream).await.unwrap())
}
