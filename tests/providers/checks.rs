//! Whether a provider is there, and which models it lists.

use sayso::providers::{ModelInfo, Provider, ProviderErrorKind, Timeouts, http_client, ollama::Ollama, openai::OpenAi};

use crate::{
    api::{Api, KEY, ask, asking},
    each_api,
    server::Prepared,
    shared::{Replay, folder},
};

each_api! {
    async fn a_check_says_whether_address_and_key_are_right(api) {
        // A port that nobody listens on: the listener is gone once its address is known.
        let gone = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let nobody = api.patient(&format!("http://user:pass@{gone}"));
        let error = nobody.check().await.unwrap_err();
        assert_eq!(error.kind, ProviderErrorKind::Unavailable);
        assert!(!error.to_string().contains("pass"), "{error}");
        assert_eq!(ask(&*nobody, &asking("m")).await.1.unwrap().kind, ProviderErrorKind::Unavailable);
        assert_eq!(nobody.models().await.unwrap_err().kind, ProviderErrorKind::Unavailable);

        let refusal = r#"{"error":{"type":"authentication_error","message":"wrong key"}}"#;
        let server = Prepared::start(401, "content-type: application/json\r\n", refusal).await;
        let provider = api.patient(&server.url);
        let error = provider.check().await.unwrap_err();
        assert_eq!((error.kind, error.message.as_str()), (ProviderErrorKind::Unauthorized, "wrong key"));
        assert_eq!(provider.models().await.unwrap_err().kind, ProviderErrorKind::Unauthorized);

        let server = Prepared::start(404, "", "nothing here").await;
        assert_eq!(api.patient(&server.url).check().await.unwrap_err().kind, ProviderErrorKind::InvalidResponse);
        let page = Prepared::start(200, "content-type: text/html\r\n", "<h1>Welcome</h1>").await;
        assert_eq!(api.patient(&page.url).models().await.unwrap_err().kind, ProviderErrorKind::InvalidResponse);

        let Some(folder) = folder("checks", 3) else { return };
        let replay = Replay::start(&folder);
        assert_eq!(api.patient(&format!("{}/v1/", replay.url)).check().await, Ok(()));
    }

    async fn the_models_are_listed(api) {
        let Some(folder) = folder("lists of models", 3) else { return };
        let replay = Replay::start(&folder);
        let models = api.patient(&replay.url).models().await.unwrap();
        let (streams, errors) = api.recordings();
        assert!(models.len() >= streams + errors, "{models:?}");
        let short = models.iter().find(|model| model.name == api.short_text()).unwrap();
        let expected = match api {
            Api::Ollama => {
                ModelInfo { context_window: Some(32768), sees_images: Some(false), ..ModelInfo::default() }
            }
            Api::Anthropic | Api::OpenAi => ModelInfo::default(),
        };
        assert_eq!(*short, ModelInfo { name: short.name.clone(), ..expected });
    }

    async fn a_key_goes_where_it_belongs_and_nowhere_else(api) {
        // A server without keys has none to repeat.
        let repeated = if api == Api::Ollama { "***" } else { KEY };
        let refusal = format!(r#"{{"error":{{"type":"authentication_error","message":"wrong key {repeated}"}}}}"#);
        let server = Prepared::start(401, "", &refusal).await;
        let provider = api.patient(&server.url);
        let errors = [provider.check().await.unwrap_err(), ask(&*provider, &asking("m")).await.1.unwrap()];
        let asked = server.requests.lock().unwrap().join("");
        let (place, header) = match api {
            Api::Anthropic => ("GET /v1/models?limit=1 HTTP/1.1\r\n", Some(format!("x-api-key: {KEY}\r\n"))),
            Api::OpenAi => ("GET /v1/models HTTP/1.1\r\n", Some(format!("authorization: Bearer {KEY}\r\n"))),
            Api::Ollama => ("GET /api/tags HTTP/1.1\r\n", None),
        };
        assert!(asked.starts_with(place), "{asked}");
        match header {
            Some(header) => {
                assert!(asked.contains(&header), "{asked}");
                assert!(errors.iter().all(|error| error.message == "wrong key ***"), "{errors:?}");
            }
            None => assert!(!asked.contains(KEY), "{asked}"),
        }
    }
}

#[tokio::test]
async fn pages_of_models_are_read_to_their_end() {
    let page = |id: &str, more: bool| format!(r#"{{"data":[{{"id":"{id}"}}],"has_more":{more},"last_id":"{id}"}}"#);
    let server = Prepared::playing(&[(200, "", &page("claude a&b", true)), (200, "", &page("claude-z", false))]).await;
    let models = Api::Anthropic.patient(&server.url).models().await.unwrap();
    assert_eq!(models.iter().map(|model| model.name.as_str()).collect::<Vec<_>>(), ["claude a&b", "claude-z"]);
    let asked = server.requests.lock().unwrap().clone();
    assert_eq!(asked.len(), 2);
    assert!(asked[1].starts_with("GET /v1/models?limit=1000&after_id=claude+a%26b HTTP/1.1\r\n"), "{}", asked[1]);
}

#[tokio::test]
async fn a_server_of_ones_own_needs_no_key() {
    let server = Prepared::start(200, "", r#"{"data":[{"id":"local","max_model_len":4096}]}"#).await;
    let provider = OpenAi::new(http_client(Timeouts::default()).unwrap(), &server.url, None, "local".into());
    let models = provider.models().await.unwrap();
    assert_eq!((models.len(), models[0].context_window), (1, Some(4096)));
    assert!(!server.requests.lock().unwrap()[0].to_ascii_lowercase().contains("authorization"));
}

#[tokio::test]
async fn without_a_model_ollama_takes_the_first_it_has() {
    let said = "{\"model\":\"first:1b\",\"message\":{\"content\":\"Hi\"},\"done\":true,\"done_reason\":\"stop\"}\n";
    let tags = r#"{"models":[{"name":"first:1b"},{"name":"second:1b"}]}"#;
    let show = r#"{"model_info":{"general.architecture":"x","x.context_length":4096}}"#;
    let server = Prepared::playing(&[(200, "", tags), (200, "", show), (200, "", said)]).await;
    let provider = Ollama::new(http_client(Timeouts::default()).unwrap(), &server.url, None);
    assert_eq!(provider.model(), "");
    let mut request = asking("");
    request.model = None;
    for _ in 0..2 {
        assert_eq!(ask(&provider, &request).await.0.text(), "Hi");
    }
    assert_eq!(provider.model(), "first:1b");
    let bodies = server.bodies();
    // The list is asked for once, and so is the model's context.
    assert_eq!(bodies.len(), 3);
    assert!(bodies[1..].iter().all(|body| body["model"] == "first:1b" && body["options"]["num_ctx"] == 4096));

    let server = Prepared::start(200, "", r#"{"models":[]}"#).await;
    let provider = Ollama::new(http_client(Timeouts::default()).unwrap(), &server.url, None);
    let error = ask(&provider, &request).await.1.unwrap();
    assert!(error.kind == ProviderErrorKind::InvalidResponse && error.message.contains("OLLAMA_MODEL"), "{error}");
}
