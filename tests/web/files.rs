//! The tenant's files on a page: for its members, as text or as a download, with whose say-so each was written.

use std::{fs, os::unix::fs::symlink, path::PathBuf};

use reqwest::Method;

use crate::{
    both,
    support::{App, Chat, Person},
};

const WISH: &str = "Create a file `notes/hello.txt` with content: Hello world";

async fn written(person: &Person) -> Chat {
    let chat = person.new_conversation(WISH).await;
    chat.approve().await.expect(200);
    chat.until("the end", |page| page.turn() == "completed").await;
    chat
}

fn inside(app: &App, path: &str) -> PathBuf {
    let folder = app.workspace().join(app.tenant());
    fs::create_dir_all(&folder).unwrap();
    folder.join(path)
}

both! {
    async fn files_are_listed_seen_and_downloaded(backend) {
        let (app, person) = App::ready(backend, &[]).await;
        let page = person.get("/files").await;
        page.expect(200);
        assert!(page.text().contains("There are no files here yet"), "{}", page.text());
        let chat = written(&person).await;
        let link = person.get("/conversations").await.the("link", "Files");
        let page = person.get(link.attribute("href")).await;
        let page = person.get(page.the("link", "notes").attribute("href")).await;
        page.expect(200);
        let text = page.text();
        for shown in ["hello.txt", "11 B", "write_file, on the say-so of Ada Lovelace"] {
            assert!(text.contains(shown), "“{shown}” is not shown: {text}");
        }
        let own = page.the("link", "In your conversation");
        assert!(own.attribute("href").ends_with(&format!("/conversations/{}", chat.id)));
        let page = person.get(page.the("link", "hello.txt").attribute("href")).await;
        page.expect(200);
        assert_eq!(page.nodes("pre")[0].text, "Hello world");
        assert!(page.text().contains("on the say-so of Ada Lovelace") && !page.text().contains("changed since"));
        let (answer, bytes) = person.bytes(page.the("link", "Download").attribute("href"), &[]).await;
        answer.expect(200);
        assert_eq!(bytes, b"Hello world");
        for (name, value) in [
            ("content-type", "application/octet-stream"),
            ("x-content-type-options", "nosniff"),
            ("content-security-policy", "sandbox; default-src 'none'"),
            ("content-length", "11"),
            ("cache-control", "no-store"),
        ] {
            assert_eq!(answer.header(name), Some(value), "{name}");
        }
        let disposition = answer.header("content-disposition").unwrap();
        assert!(disposition.starts_with("attachment; filename=\"hello.txt\""), "{disposition}");
        // Changed by something else: nobody is made out to have written that.
        fs::write(inside(&app, "notes/hello.txt"), "Hello there").unwrap();
        assert!(person.get("/files/notes/hello.txt").await.text().contains("changed since"));
        fs::write(inside(&app, "notes/hello.txt"), "Longer than it was").unwrap();
        assert!(!person.get("/files/notes").await.text().contains("say-so"));
    }

    async fn colleagues_share_files_but_not_conversations(backend) {
        let (app, person) = App::ready(backend, &[]).await;
        written(&person).await;
        let colleague = app.person("bob@example.org", &app.tenant(), "member").await;
        for path in ["/files/notes", "/files/notes/hello.txt"] {
            let page = colleague.get(path).await;
            page.expect(200);
            assert!(page.text().contains("on the say-so of Ada Lovelace"), "{}", page.text());
            assert!(page.find("link", "In your conversation").is_none(), "a conversation of another's is linked");
            assert!(!page.html.contains("/conversations/0"), "its id is there");
        }
        // Who undid it is told no more of it, and neither is anyone else.
        let stranger = app.stranger().await;
        assert!(!stranger.get("/files").await.text().contains("notes"));
        stranger.get("/files/notes").await.expect(404);
        stranger.get("/files/notes/hello.txt").await.expect(404);
        assert_eq!(stranger.bytes("/files/notes/hello.txt?download=1", &[]).await.0.status, 404);
        let guest = app.person("guest@example.org", &app.tenant(), "member").await;
        app.query("UPDATE memberships SET role = 'guest' WHERE user_id IN (SELECT id FROM users WHERE email LIKE 'guest@%')");
        for path in ["/files", "/files/notes", "/files/notes/hello.txt", "/files/notes/hello.txt?download=1"] {
            guest.get(path).await.expect(403);
            let page = app.visitor().get(path).await;
            assert!(page.url.path().ends_with("/login"), "{path} leads to {}", page.url);
            assert_eq!(person.request(Method::POST, path, Some(String::new()), &[]).await.status, 405);
        }
        assert!(guest.get("/conversations").await.find("link", "Files").is_none());
    }

    async fn hostile_paths_and_names_lead_nowhere(backend) {
        let (app, person) = App::ready(backend, &[]).await;
        let outside = tempfile::TempDir::new().unwrap();
        fs::write(outside.path().join("secret.txt"), "secret").unwrap();
        symlink(outside.path(), inside(&app, "out")).unwrap();
        symlink(outside.path().join("secret.txt"), inside(&app, "link.txt")).unwrap();
        fs::hard_link(outside.path().join("secret.txt"), inside(&app, "hard.txt")).unwrap();
        fs::write(inside(&app, "<b>evil\u{202e}\nname"), "x").unwrap();
        fs::write(inside(&app, "..%2fx \u{e9}\".txt"), "<script>alert(1)</script>\u{202e}").unwrap();
        fs::write(inside(&app, "binary"), [0xff, 0, 0xfe]).unwrap();
        fs::write(inside(&app, "long"), vec![b'x'; (1 << 20) + 1]).unwrap();
        // Dots that stand alone a client resolves by itself.
        for path in [
            "..%2f..%2fetc%2fpasswd", "a%2f..%2f..%2fx", "%2fetc%2fpasswd", "//etc/passwd", "notes%00.txt", "%ff", "out",
            "out/secret.txt", "link.txt", "hard.txt", "absent", "binary/below", "..%252f..%252fsecret",
        ] {
            for query in ["", "?download=1"] {
                let (answer, bytes) = person.bytes(&format!("/files/{path}{query}"), &[]).await;
                assert!(matches!(answer.status, 400 | 404), "{path}{query} answers {}", answer.status);
                assert!(!bytes.windows(6).any(|part| part == b"secret"), "{path}");
            }
        }
        let page = person.get("/files").await;
        assert!(page.html.contains("&lt;b&gt;evil<span class=\"code-point\">\\u202E</span>"), "{}", page.html);
        assert!(page.find("link", "out").is_none() && page.find("link", "link.txt").is_none());
        let link = page.nodes(".files th a").into_iter().find(|node| node.text.starts_with("..%2fx")).unwrap();
        let page = person.get(link.attribute("href")).await;
        page.expect(200);
        assert!(page.html.contains("&lt;script&gt;alert(1)&lt;/script&gt;<span class=\"code-point\">\\u202E</span>"));
        let (answer, _) = person.bytes(page.the("link", "Download").attribute("href"), &[]).await;
        let disposition = answer.header("content-disposition").unwrap();
        assert!(disposition.starts_with("attachment; filename=\".._2fx __.txt\""), "{disposition}");
        assert!(disposition.contains("filename*=UTF-8''..%252fx%20%C3%A9%22.txt"), "{disposition}");
        assert!(person.get("/files/binary").await.text().contains("This is no text"));
        let page = person.get("/files/long").await;
        assert!(page.text().contains("too long to be shown") && page.text().contains("1 MB"), "{}", page.text());
        assert_eq!(person.bytes("/files/long?download=1", &[]).await.1.len(), (1 << 20) + 1);
    }

    async fn what_tools_wrote_counts_as_storage(backend) {
        let (app, person) = App::ready(backend, &[("FILES_PER_TENANT", "2kb")]).await;
        let wish = |n: u32| format!("Create a file `{n}.txt` with content: {}", "x".repeat(900));
        for n in 0..2 {
            let chat = person.new_conversation(&wish(n)).await;
            chat.approve().await.expect(200);
            chat.until("the end", |page| page.turn() == "completed").await;
        }
        let page = person.new_conversation(&wish(3)).await.settled().await;
        assert_eq!(page.tool_calls()[0].state, "failed");
        assert!(page.text().contains("The storage of this workspace is full"), "{}", page.text());
        assert_eq!(app.files().len(), 2);
        let noisy = crate::support::pictures::picture(40, 40, image::ImageFormat::Jpeg);
        let form = person.new_page().await.composer().fill("message", "Look");
        let page = person.submit_files(&form, &[("images", "a.jpg", &noisy)]).await;
        page.expect(413);
    }
}
