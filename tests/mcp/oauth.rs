//! Authorisation at a server; the conformance suite shows its many forms, here is what it does not look at.

use std::collections::HashMap;

use sayso::tools::{
    mcp::{Authorised, Authorising, OAuthFault, Registration, Secret},
    net::Guard,
};
use secrecy::ExposeSecret as _;
use url::Url;

use crate::support::Running;

fn registration() -> Registration {
    Registration {
        redirect: "http://localhost:8080/back".parse().unwrap(),
        document: None,
        client: None,
        client_issuer: None,
        clients: Vec::new(),
    }
}

/// Where the person is sent in return.
fn back(code: &str, state: &str) -> Url {
    Url::parse_with_params("http://localhost:8080/back", [("code", code), ("state", state)]).unwrap()
}

async fn begin(server: &Running, allow_private: bool) -> Result<(Authorising, HashMap<String, String>), OAuthFault> {
    let (guard, url) = (Guard::new("Sayso/test").unwrap(), server.url().parse().unwrap());
    let authorising = Authorising::begin(&guard, allow_private, &url, "", &registration(), None).await?;
    let asked = Url::parse(authorising.address()).unwrap().query_pairs().into_owned().collect();
    Ok((authorising, asked))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_is_for_one_server_and_refreshed_once() {
    let server = Running::hostile("oauth");
    let (authorising, asked) = begin(&server, true).await.unwrap();
    assert_eq!(asked["code_challenge_method"], "S256");
    assert_eq!(asked["resource"], server.url());
    let authorised = authorising.finish(&back("good", &asked["state"])).await.unwrap();
    let text = authorised.to_text();
    assert!(Authorised::from_text(&text, &"https://other.example/mcp".parse().unwrap()).is_none());
    assert!(Authorised::from_text(&Secret::from("{}".to_owned()), &server.url().parse().unwrap()).is_none());

    let mut authorised = Authorised::from_text(&text, &server.url().parse().unwrap()).unwrap();
    let guard = Guard::new("Sayso/test").unwrap();
    assert_eq!(authorised.token(&guard, true).await.unwrap().expose_secret(), "t2");
    let refreshes = || server.received().into_iter().filter(|line| line.contains("refresh_token=")).collect::<Vec<_>>();
    let first = refreshes();
    assert_eq!(first.len(), 1);
    assert!(first[0].contains("client_secret=cs1") && first[0].contains("resource="), "{}", first[0]);
    // It is good now: nobody is asked.
    let asked = server.received().len();
    assert_eq!(authorised.token(&guard, true).await.unwrap().expose_secret(), "t2");
    assert_eq!(server.received().len(), asked);
    // The old one was used up: the person has to be asked.
    let mut old = Authorised::from_text(&text, &server.url().parse().unwrap()).unwrap();
    assert_eq!(old.token(&guard, true).await.unwrap_err(), OAuthFault::Again);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_not_asked_for_is_not_taken() {
    let server = Running::hostile("oauth");
    let (authorising, asked) = begin(&server, true).await.unwrap();
    assert_ne!(asked["state"], "guessed");
    assert!(authorising.finish(&back("good", "guessed")).await.is_err());
    assert!(!server.received().iter().any(|line| line.contains("code=good")));
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_private_is_asked() {
    let server = Running::hostile("oauth");
    assert!(begin(&server, false).await.is_err());
    assert!(server.received().is_empty(), "{:?}", server.received());
}
