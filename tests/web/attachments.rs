//! Images that people attach: stored whole or not at all, shown to their person alone.

use image::ImageFormat;
use reqwest::Method;

use crate::{
    both,
    support::{App, Chat, Page, Person, Script, multipart, page::Form, pictures},
    token_page::made,
};

/// A file of the composer.
type File<'a> = (&'a str, &'a [u8]);

async fn send(person: &Person, form: &Form, files: &[File<'_>]) -> Page {
    let files: Vec<_> = files.iter().map(|(name, bytes)| ("images", *name, *bytes)).collect();
    person.submit_files(form, &files).await
}

/// Begins a conversation with a message and files.
async fn begun(person: &Person, message: &str, files: &[File<'_>]) -> Chat {
    let form = person.new_page().await.composer().fill("message", message);
    let page = send(person, &form, files).await;
    page.expect(200);
    let chat = Chat { person: person.clone(), id: page.conversation() };
    chat.settled().await;
    chat
}

/// Checks that nothing at all was stored.
#[track_caller]
fn nothing_is_stored(app: &App) {
    for table in ["blobs", "conversations", "messages", "turns", "model_calls"] {
        assert_eq!(app.query(&format!("SELECT count(*) FROM {table}")), "0", "{table}");
    }
}

both! {
    async fn an_image_is_shown_to_its_person(backend) {
        let (app, person) = App::ready(backend, &[]).await;
        let png = pictures::png();
        let jpeg = pictures::picture(30, 20, ImageFormat::Jpeg);
        // The name says what it likes; the bytes decide.
        let chat = begun(&person, "What is this?", &[("sky \"1\" é.png", &png), ("page.html", &jpeg)]).await;
        let page = chat.page().await;
        assert_eq!(page.said_by("user")[0].text, "What is this?");
        let images = page.nodes("#log article[data-role=user] a.image img");
        let address = |n: u32| format!("/conversations/{}/attachments/{n}", chat.id);
        assert_eq!(images.len(), 2);
        for (n, (alt, width, height)) in [("sky \"1\" é.png", "64", "48"), ("page.html", "30", "20")].iter().enumerate() {
            assert_eq!(images[n].attribute("alt"), *alt);
            assert_eq!((images[n].attribute("width"), images[n].attribute("height")), (*width, *height));
            assert_eq!(images[n].attribute("src"), address(n as u32 + 1));
            assert_eq!(images[n].attribute("loading"), "lazy");
        }
        assert_eq!(page.nodes("#log a.image")[0].attribute("href"), address(1));

        for (n, media_type, sent) in [(1, "image/png", &png), (2, "image/jpeg", &jpeg)] {
            let (answer, bytes) = person.bytes(&address(n), &[]).await;
            answer.expect(200);
            assert_eq!(answer.header("content-type"), Some(media_type));
            assert_eq!(&bytes, sent, "the pixels are as they were");
            assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
            assert_eq!(answer.header("content-security-policy"), Some("sandbox; default-src 'none'"));
            assert_eq!(answer.header("cache-control"), Some("private, immutable"));
            let tag = answer.header("etag").expect("an ETag").to_owned();
            let (again, bytes) = person.bytes(&address(n), &[("if-none-match", &tag)]).await;
            assert_eq!((again.status, bytes.len()), (304, 0));
        }
        // A program reads it with what reads the message, and with nothing else.
        let script = Script::first(&app.base).await;
        let read = script.get(&format!("/api/conversations/{}/messages", chat.id)).await.expect(200).json();
        assert_eq!(read["items"][0]["content"][0]["url"], address(1));
        let bearer = |token: &str| format!("Bearer {token}");
        let (answer, bytes) = app.visitor().bytes(&address(1), &[("authorization", &bearer(&script.token))]).await;
        assert_eq!((answer.status, &bytes), (200, &png));
        for (scope, status) in [("chat", 200), ("decide", 403)] {
            let token = made(&person, scope, &[scope], "30").await;
            let (answer, bytes) = app.visitor().bytes(&address(1), &[("authorization", &bearer(&token))]).await;
            assert_eq!((answer.status, bytes == png), (status, status == 200), "{scope}");
        }
        let (answer, bytes) = app.visitor().bytes(&address(1), &[("authorization", "Bearer nonsense")]).await;
        assert!(answer.status != 200 && bytes != png);

        let (answer, _) = person.bytes(&address(1), &[]).await;
        let disposition = answer.header("content-disposition").unwrap();
        assert!(disposition.starts_with("inline; filename=\"sky _1_ _.png\""), "{disposition}");
        let (answer, _) = person.bytes(&address(2), &[]).await;
        assert!(answer.header("content-disposition").unwrap().contains("\"page.html.jpg\""), "it could pass for a page");
        for wrong in ["0", "3", "-1", "1x", "99999999999999999999", "%00"] {
            person.get(&format!("/conversations/{}/attachments/{wrong}", chat.id)).await.expect(404);
        }
        assert_eq!(person.request(Method::POST, &address(1), Some(String::new()), &[]).await.status, 405);

        // The next message counts on; deleting takes everything along.
        let form = chat.page().await.composer().fill("message", "And this?");
        send(&person, &form, &[("third.png", &png)]).await.expect(200);
        let page = chat.settled().await;
        assert_eq!(page.nodes("#log a.image img")[2].attribute("src"), address(3));
        assert_eq!(app.query("SELECT count(*) FROM blobs"), "3");
        person.submit(&page.form_to("/delete")).await.expect(200);
        assert_eq!(app.query("SELECT count(*) FROM blobs"), "0");
        person.get(&address(1)).await.expect(404);
    }

    async fn nobody_else_sees_it(backend) {
        let (app, person) = App::ready(backend, &[]).await;
        let chat = begun(&person, "Mine", &[("a.png", &pictures::png())]).await;
        let address = format!("/conversations/{}/attachments/1", chat.id);
        let admin = app.person("bob@example.org", &app.tenant(), "admin").await;
        let stranger = app.stranger().await;
        for other in [&admin, &stranger] {
            let (answer, bytes) = other.bytes(&address, &[]).await;
            answer.expect(404);
            assert!(!bytes.windows(4).any(|part| part == b"\x89PNG"));
            // Nor by way of a conversation of their own.
            let own = begun(other, "Mine too", &[]).await;
            other.get(&format!("/conversations/{}/attachments/1", own.id)).await.expect(404);
            // And nothing gets in.
            let form = chat.page().await.composer().fill("message", "from outside").without("csrf");
            let form = form.forge("csrf", &other.get("/conversations").await.csrf());
            send(other, &form, &[("b.png", &pictures::png())]).await.expect(404);
        }
        let (answer, _) = app.visitor().bytes(&address, &[]).await;
        assert_eq!(answer.status, 303, "who is not signed in goes to the login page");
        assert_eq!(app.query("SELECT count(*) FROM blobs"), "1");
    }

    async fn images_alone_are_a_message(backend) {
        let (_app, person) = App::ready(backend, &[]).await;
        let chat = begun(&person, "", &[("pelican.png", &pictures::png())]).await;
        let page = chat.page().await;
        assert_eq!(page.title(), "pelican.png");
        assert_eq!(page.nodes("#log article[data-role=user] img").len(), 1);
        assert_eq!(page.said_by("user")[0].text, "");
        assert_eq!(page.turn(), "completed");
    }

    async fn what_is_no_image_is_refused_and_the_text_kept(backend) {
        let (app, person) = App::ready(backend, &[]).await;
        let png = pictures::png();
        let form = person.new_page().await.composer().fill("message", "Look & see");
        let mut bomb_files = vec![("good.png", png.as_slice())];
        let bomb = pictures::bomb();
        bomb_files.push(("bomb.png", &bomb));
        let wide = pictures::picture(8001, 1, ImageFormat::Png);
        let cases: [(&[File<'_>], &str); 5] = [
            (&[("good.png", &png), ("notes.txt", b"only words")], "notes.txt"),
            (&[("cut.png", &png[..png.len() / 2])], "cut.png"),
            (&[("page.png", b"<html><script>alert(1)</script>")], "page.png"),
            (&bomb_files, "bomb.png"),
            (&[("wide.png", &wide)], "wide.png"),
        ];
        for (files, name) in cases {
            let page = send(&person, &form, files).await;
            page.expect(422);
            assert!(page.complaint().contains(name), "{name}: {}", page.complaint());
            assert_eq!(page.typed(), "Look & see");
        }
        nothing_is_stored(&app);

        // For htmx a fragment, which leaves the form and its files where they are.
        let (kind, body) = multipart(&form.fields, &[("images", "notes.txt", b"only words")]);
        let headers = [("content-type", kind.as_str()), ("hx-request", "true")];
        let body = String::from_utf8(body).unwrap();
        let answer = person.request(Method::POST, &form.action, Some(body.clone()), &headers).await;
        answer.expect(422);
        assert!(answer.html.starts_with("<p>“notes.txt” is no image"), "{}", answer.html);
        let chat = begun(&person, "Hello", &[]).await;
        let form = chat.page().await.composer().fill("message", "Look & see");
        let page = send(&person, &form, &[("notes.txt", b"only words")]).await;
        page.expect(422);
        assert_eq!((page.typed().as_str(), page.complaint().contains("notes.txt")), ("Look & see", true));
        assert_eq!(chat.page().await.articles().len(), 2);
        assert_eq!(app.query("SELECT count(*) FROM blobs"), "0");
    }

    async fn too_much_is_refused_and_the_text_kept(backend) {
        let (app, person) = App::ready(backend, &[("UPLOAD_LIMIT", "100kb"), ("JSON_LIMIT", "20kb")]).await;
        let png = pictures::png();
        let form = person.new_page().await.composer().fill("message", "Many");
        let eleven: Vec<File<'_>> = (0..11).map(|_| ("a.png", png.as_slice())).collect();
        let page = send(&person, &form, &eleven).await;
        page.expect(422);
        assert!(page.complaint().contains("At most 10"), "{}", page.complaint());
        // More than the files may be together; also where the sender would never end.
        for size in [101 * 1024, 5 << 20] {
            let page = send(&person, &form, &[("big.png", &vec![7; size])]).await;
            page.expect(413);
            assert!(page.complaint().contains("100 KB") || page.complaint().contains("MB"), "{}", page.complaint());
            assert_eq!(page.typed(), "Many");
        }
        // The text has a bound of its own.
        let long = form.clone().fill("message", &"word ".repeat(5000));
        send(&person, &long, &[]).await.expect(413);
        nothing_is_stored(&app);
    }

    async fn one_image_has_a_bound_of_its_own(backend) {
        let (app, person) = App::ready(backend, &[]).await;
        let form = person.new_page().await.composer().fill("message", "Big");
        let page = send(&person, &form, &[("big.png", &vec![7; (5 << 20) / 4 * 3 + 1])]).await;
        page.expect(413);
        assert!(page.complaint().contains("big.png") && page.complaint().contains("3.75 MB"), "{}", page.complaint());
        nothing_is_stored(&app);
    }

    async fn the_tenants_storage_has_an_end(backend) {
        let (app, person) = App::ready(backend, &[("FILES_PER_TENANT", "2kb")]).await;
        let noisy: Vec<u8> = pictures::picture(40, 40, ImageFormat::Jpeg);
        assert!((700..1900).contains(&noisy.len()), "{}", noisy.len());
        let chat = begun(&person, "One", &[("a.jpg", &noisy)]).await;
        let form = chat.page().await.composer().fill("message", "Two");
        let page = send(&person, &form, &[("b.jpg", &noisy), ("c.jpg", &noisy)]).await;
        page.expect(413);
        assert!(page.complaint().contains("storage"), "{}", page.complaint());
        assert_eq!(page.typed(), "Two");
        assert_eq!(app.query("SELECT count(*) FROM blobs"), "1", "a part of it was stored");
        assert_eq!(app.query("SELECT count(*) FROM turns"), "1");
        // Words still go through.
        chat.say("Three").await.expect(200);
    }

    async fn a_form_with_files_is_read_strictly(backend) {
        let (app, person) = App::ready(backend, &[]).await;
        let png = pictures::png();
        let form = person.new_page().await.composer().fill("message", "Strict");
        let file = ("images", "a.png", png.as_slice());
        let forms = [
            (form.clone().forge("admin", "true"), vec![file], 422),
            (form.clone().forge("message", "twice"), vec![file], 422),
            (form.clone().forge("images", "words"), vec![], 422),
            (form.clone(), vec![("avatar", "a.png", png.as_slice())], 422),
            (form.clone(), vec![("message", "a.png", png.as_slice())], 422),
            (form.clone().without("csrf"), vec![file], 403),
            (form.clone().without("csrf").forge("csrf", "wrong"), vec![file], 403),
            (form.clone().fill("idempotency_key", "no key\n"), vec![file], 422),
        ];
        for (form, files, status) in forms {
            let page = person.submit_files(&form, &files).await;
            assert_eq!(page.status, status, "{:?} {files:?}", form.fields);
        }
        for (kind, body) in [
            ("multipart/form-data", "--x--"),
            ("multipart/form-data; boundary=x", "no parts at all"),
            ("multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=\"message\"\r\n\r\nhalf"),
            ("multipart/mixed; boundary=x", "--x--"),
            ("text/plain", "message=a"),
        ] {
            let headers = [("content-type", kind)];
            let answer = person.request(Method::POST, &form.action, Some(body.into()), &headers).await;
            assert_eq!(answer.status, 422, "{kind}: {body}");
        }
        nothing_is_stored(&app);
        // The same form as it should be.
        person.submit_files(&form, &[file]).await.expect(200);
    }

    async fn the_same_form_twice_is_one_message_with_its_images(backend) {
        let (app, person) = App::ready(backend, &[]).await;
        let png = pictures::png();
        let first = person.new_page().await.composer().fill("message", "Once");
        let files: [File<'_>; 1] = [("a.png", &png)];
        let (one, two) = tokio::join!(send(&person, &first, &files), send(&person, &first, &files));
        assert_eq!(one.conversation(), two.conversation());
        assert_eq!(app.query("SELECT count(*) FROM blobs"), "1");
        let chat = Chat { person: person.clone(), id: one.conversation() };
        let form = chat.settled().await.composer().fill("message", "Again");
        let (one, two) = tokio::join!(send(&person, &form, &files), send(&person, &form, &files));
        one.expect(200);
        two.expect(200);
        send(&person, &form, &files).await.expect(200);
        assert_eq!(chat.settled().await.said_by("user").len(), 2);
        assert_eq!(app.query("SELECT count(*) FROM blobs"), "2");
    }

    async fn a_message_with_images_waits_for_the_turn_before_it(backend) {
        let (app, person) = App::ready(backend, &[]).await;
        let chat = person.new_conversation("Create a file `a.txt` with content: Hello").await;
        let page = chat.settled().await;
        // What the page showed as waiting goes along; a page that showed nothing denies nothing.
        let form = page.composer().fill("message", "Look");
        assert!(!form.value("pending").unwrap_or_default().is_empty());
        let png = pictures::png();
        let stale = form.clone().fill("pending", "");
        send(&person, &stale, &[("a.png", &png)]).await.expect(409);
        assert_eq!(app.query("SELECT count(*) FROM blobs"), "0");
        send(&person, &form, &[("a.png", &png)]).await.expect(200);
        chat.settled().await;
        assert_eq!(app.query("SELECT count(*) FROM blobs"), "1");
        assert_eq!(app.files().len(), 0);
    }

    async fn with_one_model_there_is_nothing_to_choose(backend) {
        let (_app, person) = App::ready(backend, &[]).await;
        let page = person.new_page().await;
        assert!(page.nodes("select").is_empty());
        assert_eq!(page.nodes("#only-model").len(), 1);
        // A form that names none is as before; one that names the default too.
        let form = page.composer().fill("message", "Hello");
        person.submit(&form.clone().forge("model", "auto")).await.expect(200);
        let form = person.new_page().await.composer().fill("message", "Hello").forge("model", "");
        person.submit(&form).await.expect(200);
    }
}
