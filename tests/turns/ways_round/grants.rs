//! Say-so that was given beforehand, and calls that would like to run by it.

use std::{fs, os::unix::fs::symlink};

use tempfile::TempDir;

use super::{Desk, LONG_AGO, NO_TOOL, asks_of, wish};
use crate::{
    both,
    support::{App, Chat, Page, eventually, page::Approval},
};

impl Desk {
    /// Approves, and says for what else.
    async fn grants(&self, approval: &Approval, remember: &str) -> Page {
        let form = approval.form.clone().without("remember").forge("remember", remember);
        self.person.submit(&form.press("Approve")).await
    }

    /// A conversation in which `notes/first.txt` was approved, with more like it.
    async fn granted(&self, remember: &str) -> Chat {
        let (chat, waits) = self.asks("notes/first.txt", "First").await;
        let page = self.grants(&waits, remember).await;
        assert_eq!(page.status, 200, "{remember}: {}", page.text());
        chat.until("the end", |page| page.turn() == "completed").await;
        assert_eq!(self.stands(&waits), "succeeded");
        chat
    }

    /// Asks for a file in a conversation; whether it was written without a question. What waits is denied after.
    async fn writes_unasked(&self, chat: &Chat, path: &str, content: &str) -> bool {
        let runs = self.hold.runs();
        chat.send(&wish(path, content)).await.expect(200);
        let page = chat.until("rest", |page| !page.is_running()).await;
        let call = page.tool_calls().pop().unwrap();
        if page.is_waiting() {
            assert_eq!((call.state.as_str(), self.hold.runs()), ("pending", runs), "{path}: {}", page.text());
            chat.deny().await.expect(200);
            chat.until("rest", |page| !page.is_running()).await;
            return false;
        }
        if call.state == "succeeded" {
            let authority = self.app.query(&format!("SELECT authority FROM tool_calls WHERE id = '{}'", call.id));
            assert!(authority.contains("grant"), "{path} ran by “{authority}”");
        }
        assert_eq!(self.hold.runs() > runs, call.state == "succeeded", "{path}");
        call.state == "succeeded"
    }

    fn grant(&self, column: &str) -> String {
        self.app.query(&format!("SELECT {column} FROM grants ORDER BY created_at DESC LIMIT 1"))
    }
}

both! {
    /// A folder that was granted is that folder, however a path is written.
    async fn below_a_folder(backend) {
        let desk = Desk::open(backend).await;
        let chat = desk.granted("count=50 for=1h below=notes scope=conversation").await;
        assert!(desk.writes_unasked(&chat, "notes/second.txt", "Second").await, "it does not reach below its folder");
        assert!(desk.writes_unasked(&chat, "notes/deep/third.txt", "Third").await, "nor deep");
        let outside = TempDir::new().unwrap();
        fs::write(outside.path().join("there.txt"), "Not yours").unwrap();
        let folder = desk.folder();
        fs::write(folder.join("root.txt"), "Root").unwrap();
        // Links below the folder that lead out of it, out of the workspace and within the tenant's.
        symlink(outside.path(), folder.join("notes/out")).unwrap();
        symlink("..", folder.join("notes/up")).unwrap();
        symlink(&folder, folder.join("notes/whole")).unwrap();
        symlink(outside.path().join("there.txt"), folder.join("notes/there.txt")).unwrap();
        symlink("../root.txt", folder.join("notes/root.txt")).unwrap();
        fs::hard_link(folder.join("root.txt"), folder.join("notes/hard.txt")).unwrap();
        let elsewhere = |desk: &Desk| {
            let (_, files) = desk.effects();
            files.into_iter().filter(|(path, _)| !path.starts_with("notes/")).collect::<Vec<_>>()
        };
        let before = elsewhere(&desk);
        for path in [
            "notes/../evil.txt",
            "notes/../notes/evil.txt",
            "notes/./evil.txt",
            "./notes/evil.txt",
            "notes//evil.txt",
            "notes/deep/../../evil.txt",
            "notes/..\\evil.txt",
            &format!("{}/evil.txt", folder.display()),
            "/notes/evil.txt",
            "~/notes/evil.txt",
            "notes/out/evil.txt",
            "notes/out/there.txt",
            "notes/there.txt",
            "notes/up/evil.txt",
            "notes/whole/evil.txt",
            "notes/whole/notes/evil.txt",
            "notes/root.txt",
            "notes/hard.txt",
            // Another case is another folder.
            "Notes/evil.txt",
            "NOTES/evil.txt",
            "notes",
            "notes/",
            "notesx/evil.txt",
            "notes.txt",
            "other/notes/evil.txt",
            "evil.txt",
            // A letter that looks the same, and one that is written otherwise.
            "n\u{043e}tes/evil.txt",
            "notes\u{200b}/evil.txt",
        ] {
            assert!(!desk.writes_unasked(&chat, path, "Evil").await, "{path} was written unasked");
            assert_eq!(elsewhere(&desk), before, "{path}");
            assert_eq!(fs::read_to_string(folder.join("root.txt")).unwrap(), "Root", "{path}");
            assert_eq!(fs::read_to_string(outside.path().join("there.txt")).unwrap(), "Not yours", "{path}");
            assert_eq!(fs::read_dir(outside.path()).unwrap().count(), 1, "{path}");
        }
        // What looks encoded is a plain name in the folder, and stays in it.
        for path in ["notes/..%2fevil.txt", "notes/%2e%2e%2fevil.txt"] {
            desk.writes_unasked(&chat, path, "Plain").await;
            assert_eq!(elsewhere(&desk), before, "{path}");
        }
    }

    /// The folder itself becomes a link after it was granted.
    async fn the_granted_folder_becomes_a_link(backend) {
        let desk = Desk::open(backend).await;
        let chat = desk.granted("count=50 below=notes").await;
        let outside = TempDir::new().unwrap();
        let folder = desk.folder();
        fs::rename(folder.join("notes"), folder.join("kept")).unwrap();
        for target in [outside.path(), &folder.join("kept"), &folder] {
            symlink(target, folder.join("notes")).unwrap();
            assert!(!desk.writes_unasked(&chat, "notes/evil.txt", "Evil").await, "{}", target.display());
            fs::remove_file(folder.join("notes")).unwrap();
        }
        assert_eq!(fs::read_dir(outside.path()).unwrap().count(), 0);
        assert!(desk.effects().1.iter().all(|(path, _)| !path.contains("evil")));
    }

    /// A granted folder of a tenant is that tenant's, and a grant is one person's, for one tool, in its conversation.
    async fn another_conversation_person_or_tool(backend) {
        let desk = Desk::open(backend).await;
        let bob = desk.app.person("bob@example.org", &desk.app.tenant(), "member").await;
        let chat = desk.granted("count=50 below=notes scope=conversation").await;
        let other = desk.person.new_conversation("Hello").await;
        other.settled().await;
        assert!(!desk.writes_unasked(&other, "notes/other.txt", "Other").await, "in another conversation");
        assert!(desk.writes_unasked(&chat, "notes/here.txt", "Here").await);
        let (_, waits) = asks_of(&bob, "notes/bob.txt", "Bob").await;
        assert_eq!(desk.stands(&waits), "pending", "by another person");
        // For all conversations of the person: still not another person's.
        let (all, waits) = desk.asks("notes/all.txt", "All").await;
        desk.grants(&waits, "count=50 below=notes scope=person").await.expect(200);
        all.until("the end", |page| page.turn() == "completed").await;
        assert!(desk.writes_unasked(&other, "notes/other.txt", "Other").await, "everywhere is not everywhere");
        let (_, waits) = asks_of(&bob, "notes/bob.txt", "Bob").await;
        assert_eq!(desk.stands(&waits), "pending", "by another person");
        // For another tool, whose name stands where this one's stood, or for a server's tool of the same name.
        let runs = desk.hold.runs();
        for set in ["name = 'read_file'", "server = 'elsewhere'", &format!("fingerprint = '{NO_TOOL}'")] {
            let kept = desk.app.query("SELECT fingerprint FROM grants LIMIT 1");
            desk.app.query(&format!("UPDATE grants SET {set}"));
            assert!(!desk.writes_unasked(&chat, "notes/tool.txt", "Tool").await, "{set}");
            desk.app.query(&format!(
                "UPDATE grants SET name = 'write_file', server = 'sayso', fingerprint = '{kept}'"));
        }
        // The row of another person, tenant or conversation is no say-so here.
        let (stranger, ada) = (desk.app.stranger().await, desk.app.query("SELECT user_id FROM grants LIMIT 1"));
        assert!(stranger.is_signed_in().await);
        let eve = desk.app.query("SELECT id FROM users WHERE email = 'eve@example.org'");
        desk.app.query(&format!("UPDATE grants SET user_id = '{eve}'"));
        assert!(!desk.writes_unasked(&chat, "notes/tool.txt", "Tool").await, "another person's row");
        desk.app.query(&format!("UPDATE grants SET user_id = '{ada}'"));
        assert_eq!(desk.hold.runs(), runs);
        assert!(desk.writes_unasked(&chat, "notes/tool.txt", "Tool").await);
    }

    /// Identical arguments mean identical ones.
    async fn the_same_arguments(backend) {
        let desk = Desk::open(backend).await;
        let chat = desk.granted("count=50").await;
        fs::remove_file(desk.folder().join("notes/first.txt")).unwrap();
        assert!(desk.writes_unasked(&chat, "notes/first.txt", "First").await);
        for (path, content) in [
            ("notes/first.txt", "first"),
            ("notes/first.txt", "First and more"),
            ("notes/First.txt", "First"),
            ("notes/second.txt", "First"),
            ("first.txt", "First"),
        ] {
            assert!(!desk.writes_unasked(&chat, path, content).await, "{path}: {content}");
        }
    }

    /// Its end, its person and its admins end it.
    async fn after_its_end(backend) {
        let desk = Desk::open(backend).await;
        let chat = desk.granted("count=50 below=notes").await;
        assert!(desk.writes_unasked(&chat, "notes/a.txt", "A").await);
        let kept = desk.grant("expires_at");
        desk.app.query(&format!("UPDATE grants SET expires_at = '{LONG_AGO}'"));
        assert!(!desk.writes_unasked(&chat, "notes/b.txt", "B").await, "after its time");
        desk.app.query(&format!("UPDATE grants SET expires_at = '{kept}'"));
        assert!(desk.writes_unasked(&chat, "notes/b.txt", "B").await);
        // An admin forbids grants for the tool, or the tool.
        desk.rule("ask", "NULL", false);
        assert!(!desk.writes_unasked(&chat, "notes/c.txt", "C").await, "forbidden by an admin");
        desk.rule("deny", "NULL", true);
        assert!(!desk.writes_unasked(&chat, "notes/c.txt", "C").await, "the tool is forbidden");
        desk.unruled();
        assert!(desk.writes_unasked(&chat, "notes/c.txt", "C").await);
        // Somebody else cannot end it; its person can, and then it is over.
        let id = desk.grant("id");
        let address = format!("/settings/grants/{id}/revoke");
        let stranger = desk.app.stranger().await;
        let mut forged = stranger.get("/conversations").await.form_to("/logout");
        forged.action = address.clone();
        stranger.submit(&forged).await.expect(404);
        assert!(desk.writes_unasked(&chat, "notes/d.txt", "D").await);
        let mut revoke = desk.person.get("/conversations").await.form_to("/logout");
        revoke.action = address;
        desk.person.submit(&revoke).await.expect(200);
        assert!(!desk.writes_unasked(&chat, "notes/e.txt", "E").await, "after it was taken back");
        assert_ne!(desk.grant("revoked_at"), "");
    }

    /// Approved by a grant, and the grant goes before it runs.
    async fn it_goes_between_approving_and_running(backend) {
        let desk = Desk::open(backend).await;
        for (n, (what, gone)) in [
            ("taken back", "UPDATE grants SET revoked_at = created_at"),
            ("over", &format!("UPDATE grants SET expires_at = '{LONG_AGO}'")),
            ("another person's", "UPDATE grants SET user_id = (SELECT id FROM users WHERE email = 'bob@example.org')"),
        ]
        .into_iter()
        .enumerate()
        {
            if n == 0 {
                desk.app.person("bob@example.org", &desk.app.tenant(), "member").await;
            }
            let chat = desk.granted("count=50 below=notes").await;
            let runs = desk.hold.runs();
            let path = format!("notes/{n}.txt");
            chat.send(&[wish(&path, "Granted"), wish("other.txt", "Other")].join("\n")).await.expect(200);
            let waits = chat.approvals(1).await.remove(0);
            let granted = desk.app.query(&format!(
                "SELECT state FROM tool_calls WHERE conversation_id = '{}' AND ordinal = 0 ORDER BY created_at DESC LIMIT 1",
                chat.id));
            assert_eq!((granted.as_str(), desk.app.file(&path)), ("approved", None), "it waits for the other one");
            desk.app.query(gone);
            chat.decide(&waits, "Deny").await.expect(200);
            chat.until("rest", |page| !page.is_running()).await;
            assert_eq!((desk.hold.runs(), desk.app.file(&path)), (runs, None), "{what}");
            desk.app.query("DELETE FROM grants");
        }
        // Grants are forbidden meanwhile.
        let chat = desk.granted("count=50 below=notes").await;
        let runs = desk.hold.runs();
        chat.send(&[wish("notes/x.txt", "Granted"), wish("other.txt", "Other")].join("\n")).await.expect(200);
        let waits = chat.approvals(1).await.remove(0);
        desk.rule("ask", "NULL", false);
        chat.decide(&waits, "Deny").await.expect(200);
        chat.until("rest", |page| !page.is_running()).await;
        assert_eq!((desk.hold.runs(), desk.app.file("notes/x.txt")), (runs, None), "forbidden by an admin");
    }

    /// More calls at once than it was given for: no more of them run.
    async fn it_is_never_overdrawn(backend) {
        let (app, person, hold) = App::counting(backend, &[("TURNS_PER_PERSON", "40"), ("TURNS_PER_TENANT", "40")]).await;
        let desk = Desk { app, person, hold };
        desk.granted("count=5 below=notes scope=person").await;
        let asked: Vec<_> = (0..20)
            .map(|n| {
                let person = desk.person.clone();
                tokio::spawn(async move { person.new_conversation(&wish(&format!("notes/{n}.txt"), "Many")).await })
            })
            .collect();
        for chat in asked {
            chat.await.unwrap().until("rest", |page| !page.is_running()).await;
        }
        assert_eq!(desk.grant("used || '/' || count"), "5/5");
        assert_eq!(desk.app.query("SELECT count(*) FROM tool_calls WHERE authority IS NOT NULL"), "5");
        assert_eq!(desk.app.query("SELECT count(*) FROM tool_calls WHERE state = 'pending'"), "15");
        assert_eq!(desk.hold.runs(), 1 + 5);
        // Each of them names which of the five it was.
        let mut named = desk.app.query("SELECT authority FROM tool_calls WHERE authority IS NOT NULL");
        for used in 1..=5 {
            let (before, words) = (named.len(), format!(r#""used":{used}"#));
            named = named.replacen(&words, "", 1);
            assert!(named.len() < before, "none says {words}: {named}");
        }
        // Several calls of one reply, of which it covers some.
        let (chat, waits) = desk.asks("notes/more.txt", "More").await;
        desk.grants(&waits, "count=2 below=notes").await.expect(200);
        chat.until("the end", |page| page.turn() == "completed").await;
        let runs = desk.hold.runs();
        let wishes: Vec<_> = (0..4).map(|n| wish(&format!("notes/more{n}.txt"), "More")).collect();
        chat.send(&wishes.join("\n")).await.expect(200);
        let waiting = chat.approvals(2).await;
        assert_eq!(desk.hold.runs(), runs, "one ran while another waited");
        for approval in &waiting {
            chat.decide(approval, "Deny").await.expect(200);
        }
        chat.until("the end", |page| page.turn() == "completed").await;
        assert_eq!((desk.hold.runs(), desk.grant("used").as_str()), (runs + 2, "2"));
    }

    /// A grant always has a count, an end and a bound that was offered; else nothing is granted and nothing runs.
    async fn what_cannot_be_granted(backend) {
        let desk = Desk::open(backend).await;
        let (chat, waits) = desk.asks("notes/deep/one.txt", "One").await;
        for wrong in [
            "count=51",
            "count=0",
            "count=-1",
            "count=1e3",
            "count=5 for=25h",
            "count=5 for=0s",
            "count=5 for=forever",
            "count=5 for=1h for=24h",
            "count=5 always",
            "count=5 always=true",
            "count=5 scope=tenant",
            "count=5 user=bob@example.org",
            "count=5 below=notes below=other",
            "count=5 below=notes host=example.org",
            // Folders that the call does not lie in, or that are none.
            "count=5 below=other",
            "count=5 below=note",
            "count=5 below=Notes",
            "count=5 below=notes/deep/one.txt",
            "count=5 below=notes/deep/..",
            "count=5 below=.",
            "count=5 below=",
            "count=5 below=/",
            "count=5 below=%2f",
            "count=5 below=..",
            "count=5 host=example.org",
            "count=5 host=",
        ] {
            let page = desk.grants(&waits, wrong).await;
            assert_eq!(page.status, 422, "{wrong}: {}", page.text());
            assert_eq!(desk.stands(&waits), "pending", "{wrong}");
            assert_eq!(desk.app.query("SELECT count(*) FROM grants"), "0", "{wrong}");
        }
        // With a denial, or under a wrong digest, nothing is granted either.
        let form = waits.form.clone().without("remember").forge("remember", "count=5 below=notes");
        let page = desk.person.submit(&form.clone().fill("digest", &"0".repeat(64)).press("Approve")).await;
        assert_eq!(page.status, 409);
        let (other_chat, other) = desk.asks("notes/two.txt", "Two").await;
        let page = desk.person.submit(
            &other.form.clone().without("remember").forge("remember", "count=5 below=notes").press("Deny")).await;
        assert!(matches!(page.status, 200 | 422), "{}", page.status);
        assert_eq!((desk.app.query("SELECT count(*) FROM grants").as_str(), desk.hold.runs()), ("0", 0));
        drop(other_chat);
        // Where an admin forbids it, the approval counts for nothing that it asked beside.
        desk.rule("ask", "NULL", false);
        let page = desk.grants(&waits, "count=5 below=notes").await;
        assert!(matches!(page.status, 409 | 422), "{}", page.status);
        assert_eq!((desk.stands(&waits).as_str(), desk.app.query("SELECT count(*) FROM grants").as_str()), ("pending", "0"));
        desk.unruled();
        desk.still_takes(&chat, &waits).await;
    }

    /// Fifty approvals with a grant, at once: one call, one grant.
    async fn granted_many_times_at_once(backend) {
        let desk = Desk::open(backend).await;
        let (chat, waits) = desk.asks("notes/one.txt", "One").await;
        let form = waits.form.clone().without("remember").forge("remember", "count=5 below=notes").press("Approve");
        let sent: Vec<_> = (0..50)
            .map(|_| {
                let (person, form) = (desk.person.clone(), form.clone());
                tokio::spawn(async move { person.submit(&form).await.status })
            })
            .collect();
        for answer in sent {
            let status = answer.await.unwrap();
            assert!(matches!(status, 200 | 409), "{status}");
        }
        eventually("the end", async || (desk.stands(&waits) == "succeeded").then_some(())).await;
        assert_eq!(desk.app.query("SELECT count(*), sum(count), sum(used) FROM grants"), "1|5|0");
        assert_eq!(desk.hold.runs(), 1);
        chat.until("the end", |page| page.turn() == "completed").await;
    }
}
