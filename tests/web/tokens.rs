//! Programs that sign in, and what ends their tokens.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use hkdf::Hkdf;
use hmac::{Hmac, KeyInit as _, Mac as _};
use reqwest::Method;
use serde_json::{Value, json};
use sha2::Sha256;

use crate::{
    api::{error, parsed},
    both,
    support::{App, Backend, Page, Person, eventually},
};

pub const SECRET: &str = "a secret of tests, of at least 32 bytes";

/// A call of a program: no cookie, nothing that a browser says.
pub async fn call(app: &App, method: Method, path: &str, token: Option<&str>, sent: Option<Value>) -> Page {
    call_as(&app.visitor(), method, path, token, sent).await
}

/// A call with whatever cookies somebody has.
pub async fn call_as(person: &Person, method: Method, path: &str, token: Option<&str>, sent: Option<Value>) -> Page {
    let authorization = token.map(|token| format!("Bearer {token}")).unwrap_or_default();
    let headers = [
        ("authorization", authorization.as_str()),
        ("content-type", if sent.is_some() { "application/json" } else { "" }),
        ("origin", ""),
        ("sec-fetch-site", ""),
        ("sec-fetch-mode", ""),
    ];
    person.request(method, path, sent.map(|value| value.to_string()), &headers).await
}

async fn login(app: &App, email: &str, password: &str) -> Page {
    call(app, Method::POST, "/api/auth/login", None, Some(json!({"email": email, "password": password}))).await
}

/// Signs in as that person; the answer.
async fn signed_in(app: &App, email: &str) -> Value {
    parsed(login(app, email, Person::FIRST.1).await.expect(200))
}

async fn me(app: &App, token: &str) -> Page {
    call(app, Method::GET, "/api/auth/me", Some(token), None).await
}

async fn refresh(app: &App, token: &str) -> Page {
    call(app, Method::POST, "/api/auth/refresh", None, Some(json!({"refresh_token": token}))).await
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap_or_else(|| panic!("no {name} in {value}"))
}

fn keys(value: &Value) -> Vec<&str> {
    value.as_object().unwrap().keys().map(String::as_str).collect()
}

#[track_caller]
fn refused(page: &Page, status: u16, code: &str) {
    let (its_status, its_code, words) = error(page);
    assert_eq!((its_status, its_code.as_str()), (status, code), "{words}");
    assert!(!words.is_empty());
    let challenge = page.header("www-authenticate");
    assert_eq!(challenge, (status == 401).then_some("Bearer"), "{}", page.url);
}

/// The same claims, or others, under that header and key.
pub fn forged(header: &Value, claims: &Value, secret: &str) -> String {
    let mut key = [0; 64];
    Hkdf::<Sha256>::new(Some(b"sayso"), secret.as_bytes()).expand(b"sayso/1/access-token", &mut key).unwrap();
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let unsigned = format!("{}.{}", part(header), part(claims));
    let mut mac = Hmac::<Sha256>::new_from_slice(&key).unwrap();
    mac.update(unsigned.as_bytes());
    format!("{unsigned}.{}", URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes()))
}

fn claims(token: &str) -> Value {
    let part = token.split('.').nth(1).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
}

both! {
    async fn a_program_signs_in_and_goes_on(backend) {
        let (app, _) = App::ready(backend, &[]).await;
        let page = login(&app, &Person::FIRST.0.to_uppercase(), Person::FIRST.1).await;
        let answer = parsed(page.expect(200));
        assert!(page.headers.get_all("set-cookie").iter().next().is_none(), "a program gets a cookie");
        assert_eq!(keys(&answer), ["access_token", "token_type", "expires_in", "refresh_token", "user", "tenant"]);
        assert_eq!((&answer["token_type"], &answer["expires_in"]), (&json!("Bearer"), &json!(3600)));
        assert_eq!(keys(&answer["user"]), ["id", "email", "name", "role"]);
        assert_eq!(keys(&answer["tenant"]), ["id", "slug", "name"]);
        assert_eq!(answer["user"]["role"], json!("owner"));
        let (access, first) = (text(&answer, "access_token"), text(&answer, "refresh_token"));
        assert_eq!(first.len(), 43);
        let said = claims(access);
        assert_eq!(keys(&said), ["sub", "tid", "fam", "epoch", "iat", "exp", "aud", "typ"]);
        assert_eq!((&said["aud"], said["exp"].as_i64().unwrap() - said["iat"].as_i64().unwrap()), (&json!("sayso"), 3600));
        let who = parsed(me(&app, access).await.expect(200));
        assert_eq!(who, json!({"user": answer["user"], "tenant": answer["tenant"], "credential": "sign_in"}));

        let next = parsed(refresh(&app, first).await.expect(200));
        assert_eq!(keys(&next), ["access_token", "token_type", "expires_in", "refresh_token"]);
        assert_ne!(text(&next, "refresh_token"), first);
        for token in [access, text(&next, "access_token")] {
            me(&app, token).await.expect(200);
        }
        assert_eq!(app.query(&format!("SELECT count(*) FROM refresh_tokens WHERE hash = '{first}'")), "0", "kept in clear");
        let audit = app.query("SELECT count(*) FROM audit_rows WHERE action = 'sign_in'");
        login(&app, Person::FIRST.0, Person::FIRST.1).await.expect(200);
        assert_ne!(app.query("SELECT count(*) FROM audit_rows WHERE action = 'sign_in'"), audit, "no line in the audit");
        assert!(app.run(&["audit", "verify"], None).status.success());
    }

    async fn who_may_not_is_told_nothing_more(backend) {
        let (app, _) = App::ready(backend, &[]).await;
        let wrong = login(&app, Person::FIRST.0, "not the password at all").await;
        refused(&wrong, 401, "invalid_credentials");
        let unknown = login(&app, "nobody@example.org", "not the password at all").await;
        refused(&unknown, 401, "invalid_credentials");
        assert_eq!(error(&wrong).2, error(&unknown).2);
        assert_eq!(app.query("SELECT count(*) FROM audit_rows WHERE action = 'sign_in_failed'"), "2");
        for path in ["/api/auth/me", "/api/approvals"] {
            refused(&call(&app, Method::GET, path, None, None).await, 401, "unauthorized");
        }
        refused(&refresh(&app, "nonsense").await, 401, "unauthorized");
        refused(&call(&app, Method::GET, "/api/auth/login", None, None).await, 405, "method_not_allowed");
        refused(&call(&app, Method::POST, "/api/auth/me", None, Some(json!({}))).await, 405, "method_not_allowed");
    }

    async fn a_body_that_is_none_is_refused(backend) {
        let (app, _) = App::ready(backend, &[]).await;
        let post = async |kind: &str, sent: &str| {
            let headers = [("content-type", kind), ("origin", ""), ("sec-fetch-site", ""), ("sec-fetch-mode", "")];
            app.visitor().request(Method::POST, "/api/auth/login", Some(sent.to_owned()), &headers).await
        };
        let json = "application/json";
        for (kind, sent, status, code) in [
            (json, "{", 400, "invalid_json"),
            (json, "", 400, "invalid_json"),
            (json, "[]", 422, "invalid_payload"),
            (json, r#"{"email": "a@b"}"#, 422, "invalid_payload"),
            (json, r#"{"email": 1, "password": "x"}"#, 422, "invalid_payload"),
            (json, r#"{"email": "a@b", "password": "x", "admin": true}"#, 422, "invalid_payload"),
            ("text/plain", r#"{"email": "a@b", "password": "x"}"#, 422, "invalid_payload"),
            ("application/x-www-form-urlencoded", "email=a&password=b", 422, "invalid_payload"),
            ("", r#"{"email": "a@b", "password": "x"}"#, 422, "invalid_payload"),
        ] {
            refused(&post(kind, sent).await, status, code);
        }
        assert!(parsed(&post(json, r#"{"email": "a@b"}"#).await)["error"]["detail"].as_str().unwrap().contains("password"));
        let long = json!({"email": "a@b", "password": "x".repeat(2 << 20)}).to_string();
        refused(&post(json, &long).await, 413, "payload_too_large");
    }

    async fn guessing_is_slowed_down_over_both_doors(backend) {
        let (app, _) = App::ready(backend, &[("RATE_LOGIN", "3/min")]).await;
        let guesser = app.visitor();
        let form = guesser.get("/login").await;
        guesser.sign_in_at(&form, Person::FIRST.0, "wrong by the page").await.expect(401);
        for _ in 0..2 {
            refused(&login(&app, Person::FIRST.0, "wrong by the API").await, 401, "invalid_credentials");
        }
        let page = login(&app, Person::FIRST.0, Person::FIRST.1).await;
        refused(&page, 429, "rate_limited");
        assert!((1..=60).contains(&page.header("retry-after").unwrap().parse::<u64>().unwrap()));
    }

    async fn who_has_several_tenants_names_one(backend) {
        let (app, _) = App::ready(backend, &[]).await;
        app.admin(&["create-tenant", "--slug", "elsewhere", "--name", "Elsewhere"], None);
        app.admin(&["set-role", "--email", Person::FIRST.0, "--tenant", "elsewhere", "--role", "member"], None);
        let page = login(&app, Person::FIRST.0, Person::FIRST.1).await;
        refused(&page, 422, "invalid_payload");
        for slug in ["elsewhere", &app.tenant()] {
            let refusal = &parsed(&page)["error"];
            assert!(text(refusal, "message").contains(slug) && text(refusal, "detail").contains(slug), "{refusal}");
        }
        let at = async |tenant: &str| {
            let sent = json!({"email": Person::FIRST.0, "password": Person::FIRST.1, "tenant": tenant});
            call(&app, Method::POST, "/api/auth/login", None, Some(sent)).await
        };
        let there = parsed(at("elsewhere").await.expect(200));
        assert_eq!((&there["tenant"]["slug"], &there["user"]["role"]), (&json!("elsewhere"), &json!("member")));
        let by_id = parsed(at(text(&there["tenant"], "id")).await.expect(200));
        assert_eq!(by_id["tenant"], there["tenant"]);
        refused(&at("nowhere").await, 401, "invalid_credentials");
    }

    async fn a_refresh_token_that_is_used_twice_ends_its_sign_in(backend) {
        let (app, _) = App::ready(backend, &[]).await;
        let (stolen, other) = (signed_in(&app, Person::FIRST.0).await, signed_in(&app, Person::FIRST.0).await);
        let next = parsed(refresh(&app, text(&stolen, "refresh_token")).await.expect(200));
        for _ in 0..2 {
            refused(&refresh(&app, text(&stolen, "refresh_token")).await, 401, "unauthorized");
        }
        refused(&refresh(&app, text(&next, "refresh_token")).await, 401, "unauthorized");
        for answer in [&stolen, &next] {
            refused(&me(&app, text(answer, "access_token")).await, 401, "unauthorized");
        }
        // It is noted once, and another sign-in of the same person goes on.
        assert_eq!(app.query("SELECT count(*) FROM audit_rows WHERE action = 'refresh_token_reused'"), "1");
        me(&app, text(&other, "access_token")).await.expect(200);
        refresh(&app, text(&other, "refresh_token")).await.expect(200);
    }

    async fn programs_are_listed_and_shut_out_one_by_one(backend) {
        let (app, person) = App::ready(backend, &[]).await;
        assert!(!person.get("/settings").await.text().contains("A program"));
        let (first, other) = (signed_in(&app, Person::FIRST.0).await, signed_in(&app, Person::FIRST.0).await);
        let first = parsed(refresh(&app, text(&first, "refresh_token")).await.expect(200));
        let stranger = app.stranger().await;
        let shown = |page: &Page| page.forms("form[action*='/settings/sign-ins/']");
        let settings = person.get("/settings").await;
        let forms = shown(&settings);
        assert_eq!(forms.len(), 2, "{}", settings.text());
        assert!(shown(&stranger.get("/settings").await).is_empty());
        // The one that was used last comes first; another's is nobody's to end.
        let csrf = stranger.get("/settings").await.csrf();
        stranger.submit(&forms[0].clone().fill("csrf", &csrf)).await.expect(404);
        let page = person.submit(&forms[0]).await;
        assert_eq!((page.expect(200).status, shown(&page).len()), (200, 1));
        refused(&me(&app, text(&first, "access_token")).await, 401, "unauthorized");
        refused(&refresh(&app, text(&first, "refresh_token")).await, 401, "unauthorized");
        me(&app, text(&other, "access_token")).await.expect(200);
        person.submit(&forms[0]).await.expect(404);
        // What was stolen and ended is not listed either.
        refresh(&app, text(&other, "refresh_token")).await.expect(200);
        refused(&refresh(&app, text(&other, "refresh_token")).await, 401, "unauthorized");
        assert!(shown(&person.get("/settings").await).is_empty());
    }

    async fn of_uses_at_once_one_succeeds_and_the_sign_in_ends(backend) {
        let (app, _) = App::ready(backend, &[]).await;
        for _ in 0..4 {
            let answer = signed_in(&app, Person::FIRST.0).await;
            let token = text(&answer, "refresh_token");
            let pages = futures_util::future::join_all((0..6).map(|_| refresh(&app, token))).await;
            let mut pairs = pages.iter().filter(|page| page.status == 200).map(parsed);
            let pair = pairs.next().expect("one succeeds");
            assert_eq!(pairs.count(), 0, "a token was used twice");
            assert!(pages.iter().all(|page| matches!(page.status, 200 | 401)));
            refused(&me(&app, text(&pair, "access_token")).await, 401, "unauthorized");
            refused(&refresh(&app, text(&pair, "refresh_token")).await, 401, "unauthorized");
        }
    }

    async fn a_refresh_token_ends_by_itself(backend) {
        let (app, _) = App::ready(backend, &[]).await;
        let answer = signed_in(&app, Person::FIRST.0).await;
        app.query("UPDATE refresh_tokens SET expires_at = '2020-01-01T00:00:00.000000Z'");
        refused(&refresh(&app, text(&answer, "refresh_token")).await, 401, "unauthorized");
        refused(&me(&app, text(&answer, "access_token")).await, 401, "unauthorized");
        assert_eq!(app.query("SELECT count(*) FROM audit_rows WHERE action = 'refresh_token_reused'"), "0");
    }

    async fn signing_out_ends_the_sign_in_at_once(backend) {
        let (app, _) = App::ready(backend, &[]).await;
        let (answer, other) = (signed_in(&app, Person::FIRST.0).await, signed_in(&app, Person::FIRST.0).await);
        let access = text(&answer, "access_token");
        let out = call(&app, Method::POST, "/api/auth/logout", Some(access), None).await;
        assert_eq!((out.expect(204).html.as_str(), out.header("content-type")), ("", None));
        refused(&me(&app, access).await, 401, "unauthorized");
        refused(&refresh(&app, text(&answer, "refresh_token")).await, 401, "unauthorized");
        refused(&call(&app, Method::POST, "/api/auth/logout", Some(access), None).await, 401, "unauthorized");
        me(&app, text(&other, "access_token")).await.expect(200);
    }

    async fn a_cookie_calls_with_the_token_of_its_forms(backend) {
        let (_app, person) = App::ready(backend, &[]).await;
        let who = parsed(call_as(&person, Method::GET, "/api/auth/me", None, None).await.expect(200));
        assert_eq!((&who["credential"], &who["user"]["email"]), (&json!("session"), &json!(Person::FIRST.0)));
        let csrf = person.get("/conversations").await.csrf();
        let out = async |headers: &[(&str, &str)]| {
            person.request(Method::POST, "/api/auth/logout", Some(String::new()), headers).await
        };
        for headers in [
            &[("content-type", "")][..],
            &[("x-csrf-token", "0123456789")],
            &[("x-csrf-token", csrf.as_str()), ("origin", "https://evil.example"), ("sec-fetch-site", "cross-site")],
        ] {
            refused(&out(headers).await, 403, "csrf");
        }
        assert!(person.is_signed_in().await);
        out(&[("x-csrf-token", &csrf), ("content-type", "")]).await.expect(204);
        assert!(!person.is_signed_in().await);
    }

    async fn a_forged_token_is_nobodys(backend) {
        let (app, _) = App::ready(backend, &[("JWT_SECRET", SECRET)]).await;
        let access = text(&signed_in(&app, Person::FIRST.0).await, "access_token").to_owned();
        let (good, header) = (claims(&access), json!({"alg": "HS256", "typ": "JWT"}));
        me(&app, &forged(&header, &good, SECRET)).await.expect(200);
        let with = |name: &str, value: Value| {
            let mut claims = good.clone();
            claims[name] = value;
            claims
        };
        let now = chrono::Utc::now().timestamp();
        let stranger = app.stranger().await;
        drop(stranger);
        let theirs = claims(text(&signed_in(&app, "eve@example.org").await, "access_token"));
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let none = json!({"alg": "none", "typ": "JWT"});
        for (what, token) in [
            ("a foreign key", forged(&header, &good, "another secret of at least 32 bytes")),
            ("an ended one", forged(&header, &with("exp", json!(now - 1)), SECRET)),
            ("for somebody else", forged(&header, &with("aud", json!("other")), SECRET)),
            ("of another kind", forged(&header, &with("typ", json!("refresh")), SECRET)),
            ("of an earlier epoch", forged(&header, &with("epoch", json!(-1)), SECRET)),
            ("of another's sign-in", forged(&header, &with("fam", theirs["fam"].clone()), SECRET)),
            ("of another tenant", forged(&header, &with("tid", theirs["tid"].clone()), SECRET)),
            ("of another person", forged(&header, &with("sub", theirs["sub"].clone()), SECRET)),
            ("alg none", forged(&none, &good, SECRET)),
            ("alg none, unsigned", format!("{}.{}.", part(&none), part(&good))),
            ("alg HS512", forged(&json!({"alg": "HS512"}), &good, SECRET)),
            ("alg RS256", forged(&json!({"alg": "RS256"}), &good, SECRET)),
            ("a changed claim", {
                let mut parts: Vec<String> = access.split('.').map(str::to_owned).collect();
                parts[1] = part(&with("exp", json!(now + 90_000)));
                parts.join(".")
            }),
            ("nonsense", "nonsense".to_owned()),
            ("a made token that nobody made", format!("sayso_{}", "A".repeat(43))),
        ] {
            let page = me(&app, &token).await;
            assert_eq!(page.status, 401, "{what}");
            refused(&page, 401, "unauthorized");
        }
    }

    async fn a_call_with_a_token_is_the_tokens_alone(backend) {
        let (app, ada) = App::ready(backend, &[]).await;
        app.person("bob@example.org", &app.tenant(), "member").await;
        let bob = signed_in(&app, "bob@example.org").await;
        refused(&call_as(&ada, Method::GET, "/api/auth/me", Some("nonsense"), None).await, 401, "unauthorized");
        let token = text(&bob, "access_token");
        let who = parsed(call_as(&ada, Method::GET, "/api/auth/me", Some(token), None).await.expect(200));
        assert_eq!(who["user"]["email"], json!("bob@example.org"));
        // It needs no other token, comes from wherever it will, and does nothing to the session beside it.
        let headers = [("authorization", format!("Bearer {token}")), ("origin", "https://evil.example".into())];
        let headers = headers.each_ref().map(|(name, value)| (*name, value.as_str()));
        ada.request(Method::POST, "/api/auth/logout", None, &headers).await.expect(204);
        assert!(ada.is_signed_in().await, "the session was ended");
        refused(&me(&app, token).await, 401, "unauthorized");
    }

    async fn what_ends_a_person_ends_their_tokens(backend) {
        let (app, _) = App::ready(backend, &[]).await;
        let tenant = app.tenant();
        app.person("bob@example.org", &tenant, "admin").await;
        let password = "another password entirely";
        for (arguments, input) in [
            (vec!["set-role", "--email", "bob@example.org", "--tenant", &tenant, "--role", "member"], None),
            (vec!["reset-password", "--email", "bob@example.org"], Some(password)),
            (vec!["disable-user", "--email", "bob@example.org"], None),
        ] {
            let mut answer = login(&app, "bob@example.org", Person::FIRST.1).await;
            if answer.status != 200 {
                answer = login(&app, "bob@example.org", password).await;
            }
            let answer = parsed(answer.expect(200));
            me(&app, text(&answer, "access_token")).await.expect(200);
            app.admin(&arguments, input);
            refused(&me(&app, text(&answer, "access_token")).await, 401, "unauthorized");
            refused(&refresh(&app, text(&answer, "refresh_token")).await, 401, "unauthorized");
        }
        refused(&login(&app, "bob@example.org", password).await, 401, "invalid_credentials");
    }

    async fn a_tenant_that_is_switched_off_says_so(backend) {
        let (app, _) = App::ready(backend, &[]).await;
        let answer = signed_in(&app, Person::FIRST.0).await;
        app.query("UPDATE tenants SET is_active = false");
        refused(&me(&app, text(&answer, "access_token")).await, 403, "tenant_inactive");
        refused(&refresh(&app, text(&answer, "refresh_token")).await, 403, "tenant_inactive");
        app.query("UPDATE tenants SET is_active = true");
        me(&app, text(&answer, "access_token")).await.expect(200);
        // The token that was refused then was not used up.
        refresh(&app, text(&answer, "refresh_token")).await.expect(200);
        app.query("UPDATE memberships SET is_active = false");
        refused(&me(&app, text(&answer, "access_token")).await, 401, "unauthorized");
    }
}

/// Whatever is logged: no token is, wherever it stood.
#[tokio::test(flavor = "multi_thread")]
async fn no_token_reaches_the_log() {
    let (app, _) = App::ready(Backend::Sqlite, &[("LOG_LEVEL", "trace")]).await;
    let answer = signed_in(&app, Person::FIRST.0).await;
    let access = text(&answer, "access_token");
    // In an address it counts for sockets alone; here it is nobody.
    let in_query = call(&app, Method::GET, &format!("/api/auth/me?token={access}"), None, None).await;
    refused(&in_query, 401, "unauthorized");
    me(&app, access).await.expect(200);
    let next = parsed(refresh(&app, text(&answer, "refresh_token")).await.expect(200));
    refused(&refresh(&app, text(&answer, "refresh_token")).await, 401, "unauthorized");
    let last = call(&app, Method::GET, &format!("/api/auth/me?token={access}&last=1"), Some(access), None).await;
    let id = last.header("x-request-id").unwrap();
    eventually("the last request is logged", async || {
        app.logs().iter().any(|line| line.contains(id) && line.contains("answered")).then_some(())
    })
    .await;
    let secrets = [&answer, &next].map(|answer| [text(answer, "access_token"), text(answer, "refresh_token")]);
    for line in app.logs() {
        for secret in secrets.iter().flatten().copied().chain([Person::FIRST.1]) {
            assert!(!line.contains(secret), "it is logged: {line}");
            // Nor the part of it that signs.
            let signature = secret.rsplit('.').next().unwrap();
            assert!(!line.contains(signature), "it is logged: {line}");
        }
    }
}
