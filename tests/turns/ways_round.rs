//! Every way round the approval that we know of, tried and refused: what is counted are the runs.

mod altered;
mod between;
mod crashed;
mod digests;
mod direct;
mod doors;
mod edits;
mod expiry;
mod grants;
mod hosts;
mod people;
mod rules;
mod rushes;
mod several;

use crate::support::{App, Backend, Chat, Hold, Page, Person, eventually, page::Approval};

/// An app whose runs are counted, and the person whose say-so it needs.
struct Desk {
    app: App,
    person: Person,
    hold: Hold,
}

/// How the demo model is asked for a file.
fn wish(path: &str, content: &str) -> String {
    format!("Create a file `{path}` with content: {content}")
}

impl Desk {
    async fn open(backend: Backend) -> Self {
        let (app, person, hold) = App::counting(backend, &[]).await;
        Self { app, person, hold }
    }

    /// A conversation in which a file waits to be written.
    async fn asks(&self, path: &str, content: &str) -> (Chat, Approval) {
        asks_of(&self.person, path, content).await
    }

    /// A conversation in which two files wait to be written: `first.txt` and `second.txt`.
    async fn asks_two(&self) -> (Chat, [Approval; 2]) {
        let wishes = [wish("first.txt", "First"), wish("second.txt", "Second")].join("\n");
        let chat = self.person.new_conversation(&wishes).await;
        let waiting = chat.approvals(2).await;
        (chat, waiting.try_into().unwrap())
    }

    /// How a call stands in the database, with the code of its error.
    fn stands(&self, approval: &Approval) -> String {
        let sql = format!("SELECT state, coalesce(error_code, '') FROM tool_calls WHERE id = '{}'", approval.call);
        self.app.query(&sql).trim_end_matches('|').to_owned()
    }

    /// Waits until a call stands so.
    async fn becomes(&self, approval: &Approval, state: &str) {
        let what = format!("the call is {state}");
        eventually(&what, async || (self.stands(approval) == state).then_some(())).await;
    }

    /// Changes the stored row of a call behind everyone's back.
    fn alter(&self, approval: &Approval, set: &str) {
        self.app.query(&format!("UPDATE tool_calls SET {set} WHERE id = '{}'", approval.call));
    }

    /// How often something was about to be written, and what is there. What a killed run left half written is swept
    /// an hour later where other instances may be at work.
    fn effects(&self) -> (usize, Vec<(String, String)>) {
        let folder = self.folder();
        let read = |path: std::path::PathBuf| {
            let name = path.strip_prefix(&folder).unwrap().to_string_lossy().into_owned();
            (!name.contains(".sayso-")).then(|| (name, std::fs::read_to_string(&path).unwrap()))
        };
        (self.hold.runs(), self.app.files().into_iter().filter_map(read).collect())
    }

    /// The tenant's folder of the workspace.
    fn folder(&self) -> std::path::PathBuf {
        self.app.workspace().join(self.app.tenant())
    }

    /// The right decision still counts, and runs once.
    async fn still_takes(&self, chat: &Chat, approval: &Approval) {
        let before = self.hold.runs();
        assert_eq!(self.stands(approval), "pending");
        chat.decide(approval, "Approve").await.expect(200);
        let page = chat.until("the end", |page| page.turn() == "completed").await;
        assert_eq!(page.tool_calls().last().unwrap().state, "succeeded", "{}", page.text());
        assert_eq!(self.hold.runs(), before + 1);
    }
}

async fn asks_of(person: &Person, path: &str, content: &str) -> (Chat, Approval) {
    let chat = person.new_conversation(&wish(path, content)).await;
    let approval = chat.approvals(1).await.remove(0);
    (chat, approval)
}

/// A time that is long over, as both databases write it.
const LONG_AGO: &str = "2020-01-01T00:00:00.000000Z";

/// The fingerprint of no tool.
const NO_TOOL: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// Whether an answer refuses without a fault of the server.
fn refuses(page: &Page) -> bool {
    matches!(page.status, 401 | 403 | 404 | 405 | 409 | 422)
}
