//! The middlewares together, over a real connection where that matters.

use std::collections::HashMap;

use actix_web::{
    App, HttpRequest, HttpResponse, HttpServer,
    middleware::from_fn,
    test::{self, TestRequest},
    web,
};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::{Edge, address::Client, error::HttpError, form::Form, headers, origin, request_id};
use crate::{
    config::Settings,
    error::Error,
    telemetry::{self, RequestId},
};

fn edge(pairs: &[(&str, &str)], port: u16) -> web::Data<Edge> {
    let map: HashMap<&str, &str> = pairs.iter().copied().collect();
    web::Data::new(Edge::new(&Settings::read(|name| map.get(name).copied(), None).unwrap(), port))
}

#[derive(serde::Deserialize)]
struct Sample {
    name: String,
}

async fn page(client: Client, id: RequestId) -> HttpResponse {
    HttpResponse::Ok().content_type("text/html; charset=utf-8").body(format!("{} {id}", client.address))
}

async fn post(form: Form<Sample>) -> Result<String, HttpError> {
    Ok(form.checked("token")?.name)
}

async fn fault() -> Result<String, HttpError> {
    Err(Error::internal("hunter2").into())
}

async fn file(_: HttpRequest) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header(("Content-Security-Policy", "sandbox"))
        .insert_header(("Cache-Control", "private"))
        .content_type("text/html")
        .body("x")
}

macro_rules! app {
    ($edge:expr) => {
        App::new()
            .app_data($edge)
            .wrap(from_fn(origin::guard))
            .wrap(from_fn(headers::secure))
            .wrap(from_fn(request_id::trace))
            .route("/", web::get().to(page))
            .route("/", web::post().to(post))
            .route("/health", web::get().to(page))
            .route("/metrics", web::get().to(page))
            .route("/fault", web::get().to(fault))
            .route("/file", web::get().to(file))
    };
}

/// The answer to a request: status, headers, body.
macro_rules! answer {
    ($pairs:expr, $request:expr) => {{
        let app = test::init_service(app!(edge($pairs, 8080))).await;
        let response = test::call_service(&app, $request.to_request()).await;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let error = super::error::of_response(response.response()).map(|error| super::error::code(&error.0));
        let body = String::from_utf8(test::read_body(response).await.to_vec()).unwrap();
        let header = move |name: &str| headers.get(name).map(|value| value.to_str().unwrap().to_owned());
        (status, header, body, error)
    }};
}

fn home() -> TestRequest {
    TestRequest::get().uri("/").insert_header(("Host", "localhost:8080")).peer_addr("127.0.0.1:5".parse().unwrap())
}

#[actix_web::test]
async fn an_answer_carries_its_id_and_the_headers() {
    let (status, header, body, _) = answer!(&[], home().insert_header(("X-Request-Id", "mine-1")));
    assert_eq!((status, body.as_str()), (200, "127.0.0.1 mine-1"));
    assert_eq!(header("x-request-id").as_deref(), Some("mine-1"));
    for (name, value) in [
        ("content-security-policy", headers::CONTENT_SECURITY_POLICY),
        ("referrer-policy", "same-origin"),
        ("x-content-type-options", "nosniff"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        ("cache-control", "no-store"),
    ] {
        assert_eq!(header(name).as_deref(), Some(value));
    }
    assert!(header("permissions-policy").unwrap().contains("camera=()"));
    assert_eq!(header("strict-transport-security"), None);

    let (_, header, _, _) = answer!(&[], home().insert_header(("X-Request-Id", "a b")));
    assert_eq!(header("x-request-id").unwrap().len(), 36);
}

#[actix_web::test]
async fn handlers_may_set_their_own_and_https_adds_hsts() {
    let public = &[("PUBLIC_URL", "https://chat.example")][..];
    let request = TestRequest::get().uri("/file").insert_header(("Host", "chat.example"));
    let (status, header, _, _) = answer!(public, request);
    assert_eq!(status, 200);
    assert_eq!(header("content-security-policy").as_deref(), Some("sandbox"));
    assert_eq!(header("cache-control").as_deref(), Some("private"));
    assert_eq!(header("strict-transport-security").as_deref(), Some("max-age=31536000"));
}

#[actix_web::test]
async fn strangers_names_are_misdirected_and_exceptions_hold() {
    let public = &[("PUBLIC_URL", "https://chat.example/talk")][..];
    let get = |path: &str, host: &str| TestRequest::get().uri(path).insert_header(("Host", host.to_owned()));
    for (pairs, request, expected) in [
        (&[][..], get("/", "evil.example:8080"), 421),
        (&[], get("/", "127.0.0.1:8080"), 200),
        (&[], get("/", "localhost:8081"), 421),
        (&[], get("/health", "10.0.0.7:8080"), 200),
        (&[], get("/", "evil.example").insert_header(("Authorization", "Bearer x")), 200),
        (&[], get("/metrics", "evil.example:8080"), 421),
        (&[], get("/", "localhost:8080").append_header(("Host", "evil.example")), 421),
        (&[], TestRequest::get().uri("/"), 421),
        (public, get("/", "localhost:8080"), 421),
        (public, get("/metrics", "localhost:8080"), 200),
        (public, get("/metrics", "localhost"), 200),
        (public, get("/health", "localhost"), 200),
    ] {
        let (status, header, body, _) = answer!(pairs, request);
        assert_eq!(status, expected, "{body}");
        assert!(header("x-request-id").is_some() && header("content-security-policy").is_some());
    }
}

#[actix_web::test]
async fn a_refusal_names_the_right_address() {
    let app = test::init_service(app!(edge(&[("PUBLIC_URL", "https://chat.example/talk")], 8080))).await;
    let response = test::call_service(&app, home().to_request()).await;
    let Some(HttpError(Error::Refused(refusal))) = super::error::of_response(response.response()) else {
        panic!("no refusal")
    };
    assert_eq!(refusal.arguments, [("address", "https://chat.example/talk/".to_owned())]);
}

#[actix_web::test]
async fn posts_must_be_forms_of_ours() {
    let post = |body: &str| {
        TestRequest::post()
            .uri("/")
            .insert_header(("Host", "localhost:8080"))
            .insert_header(("Content-Type", "application/x-www-form-urlencoded; charset=UTF-8"))
            .set_payload(body.to_owned())
    };
    let large = format!("name={}&csrf=token", "x".repeat(2000));
    for (request, status, text) in [
        (post("name=Ada&csrf=token"), 200, "Ada"),
        (post("name=Ada").insert_header(("X-CSRF-Token", "token")), 200, "Ada"),
        (post("name=Ada&csrf=wrong"), 403, "csrf"),
        (post("name=Ada&csrf=token").insert_header(("Sec-Fetch-Site", "cross-site")), 403, "csrf"),
        (post("name=Ada&csrf=token").insert_header(("Origin", "http://evil.example")), 403, "csrf"),
        (post("name=Ada&csrf=token&x=1"), 422, "invalid_payload"),
        (post("name=Ada&csrf=token").insert_header(("Content-Type", "text/plain")), 422, "invalid_payload"),
        (post(&large), 413, "payload_too_large"),
    ] {
        let (found, _, body, error) = answer!(&[("JSON_LIMIT", "1kb")], request);
        assert_eq!((found, body.as_str()), (status, text));
        assert_eq!(error.map(crate::error::Code::as_str), (status != 200).then_some(text));
    }
}

#[actix_web::test]
async fn a_fault_tells_nothing() {
    let request = TestRequest::get().uri("/fault").insert_header(("Host", "localhost:8080"));
    let (status, _, body, error) = answer!(&[], request);
    assert_eq!((status, body.as_str(), error), (500, "internal", Some(crate::error::Code::Internal)));
}

#[derive(Clone, Default)]
struct Log(std::sync::Arc<std::sync::Mutex<Vec<u8>>>);

impl std::io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        std::io::Write::write(&mut *self.0.lock().unwrap(), bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[actix_web::test]
async fn the_log_has_the_cause_and_the_status_but_no_query() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt().with_ansi(false).with_writer(move || writer.clone()).finish();
    telemetry::every_thread_listens();
    let guard = tracing::subscriber::set_default(subscriber);
    let request = TestRequest::get().uri("/fault?token=secret").insert_header(("Host", "localhost:8080"));
    let _ = answer!(&[], request.insert_header(("X-Request-Id", "r-1")));
    drop(guard);
    let text = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert_eq!(text.matches("hunter2").count(), 1, "{text}");
    assert!(text.contains("status=500") && text.contains("path=/fault") && text.contains("r-1"), "{text}");
    assert!(!text.contains("secret"), "{text}");
}

/// Over a socket: the port that is really listened on is home, and a body without a length is cut at the limit.
#[actix_web::test]
async fn the_real_port_is_home() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let data = edge(&[("JSON_LIMIT", "1kb")], address.port());
    let server =
        HttpServer::new(move || app!(data.clone())).workers(1).disable_signals().listen(listener).unwrap().run();
    let handle = server.handle();
    let task = actix_web::rt::spawn(server);

    let chunk = format!("400\r\nname={}\r\n", "x".repeat(1019));
    let chunked = "Content-Type: application/x-www-form-urlencoded\r\nTransfer-Encoding: chunked\r\n\r\n";
    for (request, status) in [
        (format!("GET / HTTP/1.1\r\nHost: {address}\r\n\r\n"), "200"),
        (format!("GET / HTTP/1.1\r\nHost: localhost:{}\r\n\r\n", address.port()), "200"),
        ("GET / HTTP/1.1\r\nHost: localhost:1\r\n\r\n".to_owned(), "421"),
        (format!("GET http://evil.example/ HTTP/1.1\r\nHost: {address}\r\n\r\n"), "421"),
        (format!("POST / HTTP/1.1\r\nHost: {address}\r\n{chunked}{chunk}{chunk}0\r\n\r\n"), "413"),
    ] {
        let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut head = [0; 12];
        stream.read_exact(&mut head).await.unwrap();
        assert_eq!(String::from_utf8_lossy(&head), format!("HTTP/1.1 {status}"), "{request}");
    }
    handle.stop(false).await;
    task.await.unwrap().unwrap();
}
