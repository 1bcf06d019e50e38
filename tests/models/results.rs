//! What a tool gives beside its text, through whole turns: from the tool to the page's values, and to the model.

use std::{
    collections::HashMap,
    io::Cursor,
    sync::{Arc, Mutex},
    time::Duration,
};

use bytes::Bytes;
use futures_util::{
    FutureExt as _, StreamExt as _,
    future::{self, BoxFuture},
    stream,
};
use image::{DynamicImage, ImageFormat, RgbImage};
use sayso::{
    config::Settings,
    feed::Feed,
    models::{
        audit::Auditor, blob, message, password::Passwords, price::Prices, sealed::Sealer, tool_call::StoredCall,
    },
    providers::{ModelEvent, ModelInfo, Provider, ProviderError, Providers, ReplyStream, Request},
    state::{AppState, Parts, Runs},
    tools::{
        Arguments, Tool, ToolContext, ToolDefinition, ToolEvent, ToolResult, ToolRun, Toolbox, Toolboxes,
        listed::Lists,
        mcp::{Authorisations, McpSource, NoTokens, Roster, Servers},
        net::Guard,
        rate::Rates,
        result::ResultFile,
        workspace::Workspace,
    },
    turn::{self, Caller, DecisionInput, Input},
    types::*,
};
use tokio::runtime::Handle;
use tokio_util::sync::CancellationToken;

use crate::*;

/// Gives what the test says, once it is allowed to.
struct Draw {
    definition: ToolDefinition,
    gives: ToolResult,
}

impl Draw {
    fn new(gives: ToolResult) -> Self {
        let definition = ToolDefinition {
            server: "sayso".into(),
            launch: "builtin".into(),
            name: "draw".into(),
            description: "Draws.".into(),
            input_schema: serde_json::json!({"type": "object"}),
            beside: Vec::new(),
        };
        Self { definition, gives }
    }
}

impl Tool for Draw {
    fn definition(&self) -> &ToolDefinition {
        &self.definition
    }

    fn preview<'a>(
        &'a self,
        _: &'a ToolContext,
        _: &'a Arguments,
    ) -> BoxFuture<'a, Result<Preview, sayso::tools::ToolError>> {
        future::ready(Ok(Preview::default())).boxed()
    }

    fn run(&self, _: &ToolContext, _: &Arguments, _: Option<&str>, _: CancellationToken) -> ToolRun {
        stream::iter([ToolEvent::Finished(Ok(self.gives.clone()))]).boxed()
    }

    fn took_effect<'a>(
        &'a self,
        _: &'a ToolContext,
        _: &'a Arguments,
        _: Option<&'a str>,
    ) -> BoxFuture<'a, Option<bool>> {
        future::ready(Some(false)).boxed()
    }
}

/// Asks for `draw` first, then says that it is done; keeps what it was asked, titles aside.
#[derive(Clone, Default)]
struct Model(Arc<Mutex<Vec<Request>>>);

impl Provider for Model {
    fn name(&self) -> &'static str {
        "test"
    }

    fn model(&self) -> &str {
        "m"
    }

    fn stream<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<ReplyStream, ProviderError>> {
        let mut events = vec![ModelEvent::Text { block: 0, text: "So.".into() }, ModelEvent::BlockEnd { block: 0 }];
        if !request.tools.is_empty() {
            let mut asked = self.0.lock().unwrap();
            asked.push(request.clone());
            if asked.len() == 1 {
                let (provider_id, name) = (None, "draw".to_owned());
                events.push(ModelEvent::ToolCall { block: 1, provider_id, name });
                events.push(ModelEvent::ToolInput { block: 1, fragment: "{}".into() });
                events.push(ModelEvent::BlockEnd { block: 1 });
            }
        }
        events.push(ModelEvent::Stop("end_turn".into()));
        future::ready(Ok(stream::iter(events.into_iter().map(Ok)).boxed())).boxed()
    }

    fn models<'a>(&'a self) -> BoxFuture<'a, Result<Vec<ModelInfo>, ProviderError>> {
        future::ready(Ok(Vec::new())).boxed()
    }

    fn check<'a>(&'a self) -> BoxFuture<'a, Result<(), ProviderError>> {
        future::ready(Ok(())).boxed()
    }
}

/// The state of a server whose one tool gives that.
fn state(world: &World, home: &Path, model: &Model, gives: ToolResult, settings: &[(&str, &str)]) -> AppState {
    let settings: HashMap<String, String> =
        settings.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let settings = Settings::read(|name| settings.get(name).cloned(), None).unwrap();
    // No server is asked for anything here.
    let connections =
        Servers::new(Handle::current(), Guard::new("Sayso/test").unwrap(), false, Arc::new(NoTokens)).unwrap();
    let roster = Roster::new(world.db.clone(), Sealer::new(&[7; 32]).unwrap(), Vec::new());
    let (sealer, auditor) = (Sealer::new(&[7; 32]).unwrap(), Auditor::new(b"rows", b"heads").unwrap());
    let guard = Guard::new("Sayso/test").unwrap();
    AppState::from(Parts {
        authorisations: Authorisations::new(world.db.clone(), sealer, auditor, guard, false),
        servers: McpSource::new(roster, connections, Rates::new(settings.rate_tools), 1 << 18),
        db: world.db.clone(),
        feed: Feed::default(),
        providers: Providers::new(vec![Arc::new(model.clone())]),
        prices: Prices::read(None).unwrap(),
        tools: Toolboxes::new(Toolbox::new([Arc::new(Draw::new(gives)) as Arc<dyn Tool>]), None),
        tool_lists: Lists::default(),
        workspace: Workspace::open(home).unwrap(),
        settings: Arc::new(settings),
        auditor: Auditor::new(b"rows", b"heads").unwrap(),
        passwords: Passwords::new(),
        instance: InstanceId::new(),
        runs: Runs::new(),
    })
}

async fn caller(world: &World, owner: Owner) -> Caller {
    let mut conn = world.db.read(ALL).await.unwrap();
    let (user, place, tenant) = membership::find(&mut conn, owner).await.unwrap().unwrap();
    Caller { user, tenant, role: place.role, address: String::new() }
}

/// Waits until the turn rests in that state; its calls.
async fn rests(state: &AppState, owner: Owner, started: (TurnId, ConversationId), due: TurnState) -> Vec<StoredCall> {
    let wait = async {
        loop {
            let subscription = state.feed.subscribe(started.1);
            let outcome = turn::outcome(state, owner, started.0).await.unwrap();
            if outcome.turn.state == due {
                return outcome.calls;
            }
            assert!(!outcome.turn.state.is_finished(), "{:?}", outcome.turn);
            // What falls behind looks again.
            let _ = subscription.next().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), wait).await.expect("the turn rests")
}

/// A conversation in which the tool was asked for, approved, and ran.
async fn drawn(state: &AppState, caller: &Caller) -> (ConversationId, StoredCall) {
    let input = Input { message: "Draw".into(), ..Input::default() };
    let started = turn::begin_conversation(state, caller, input).await.unwrap();
    let at = (started.turn, started.conversation);
    let calls = rests(state, caller.owner(), at, TurnState::AwaitingApproval).await;
    let [call] = &calls[..] else { panic!("{calls:?}") };
    let decision = DecisionInput {
        call: call.id,
        decision: Decision::Approve,
        digest: Some(call.digest),
        reason: None,
        arguments: None,
        remember: None,
        is_in_person: true,
    };
    turn::decide(state, caller, decision).await.unwrap();
    let call = rests(state, caller.owner(), at, TurnState::Completed).await.remove(0);
    (started.conversation, call)
}

fn png() -> Bytes {
    let mut bytes = Vec::new();
    DynamicImage::from(RgbImage::new(4, 3)).write_to(&mut Cursor::new(&mut bytes), ImageFormat::Png).unwrap();
    bytes.into()
}

fn file(name: &str, media_type: &str, bytes: impl Into<Bytes>) -> ResultFile {
    ResultFile { name: name.into(), media_type: media_type.into(), bytes: bytes.into() }
}

both! {
    async fn what_a_tool_gives_is_stored_shown_and_told(backend) {
        let (world, home, model) = (World::new(backend).await, TempDir::new().unwrap(), Model::default());
        let gives = ToolResult {
            text: "x".repeat(200_000),
            files: vec![
                file("../sky\u{202e}.png", "image/png", png()),
                file("page.html", "text/html", "<script>"),
                file("broken.png", "image/png", png().slice(..30)),
            ],
            is_error: false,
        };
        let state = state(&world, home.path(), &model, gives, &[]);
        let ann = caller(&world, world.ann).await;
        let (conversation, call) = drawn(&state, &ann).await;

        let saved = |number, name: &str, media_type: &str, bytes| {
            Block::File { number, media_type: media_type.into(), name: name.into(), bytes }
        };
        let image =
            Block::Image { number: 2, media_type: "image/png".into(), name: "sky.png".into(), width: 4, height: 3 };
        let files = vec![
            saved(1, "result.txt", "text/plain", 200_000),
            image.clone(),
            saved(3, "page.html", "text/html", 8),
            saved(4, "broken.png", "image/png", 30),
        ];
        let shown = ToolCall::from(call.clone()).outcome.unwrap();
        // TOOL_RESULT_LIMIT is larger: the page shows it whole.
        assert_eq!((shown.text, shown.files), ("x".repeat(200_000), files.clone()));

        let tenant = world.ann.tenant;
        let mut conn = world.db.read(tenant).await.unwrap();
        let messages = message::page(&mut conn, tenant, conversation, None, 10).await.unwrap();
        let result = messages.iter().find(|message| message.role == MessageRole::Tool).unwrap();
        let cut = format!("{}\n\n[Cut: these are the first 100000 of 200000 bytes.]", "x".repeat(100_000));
        let said = |text: String| Block::ToolResult { tool_call_id: call.id, text, is_error: false };
        assert_eq!(result.content, [vec![said(cut.clone())], files].concat());

        // The model is shown the image, told of the files, and sees what was sent before as it was.
        let asked = model.0.lock().unwrap().clone();
        let [first, second] = &asked[..] else { panic!("{} requests", asked.len()) };
        let told = format!(
            "{cut}\n\n[The file result.txt (text/plain, 200000 bytes) came with this result. The person can open it on the \
             page; what is in it is not shown here.]\n\n[The file page.html (text/html, 8 bytes) came with this result. The \
             person can open it on the page; what is in it is not shown here.]\n\n[The file broken.png (image/png, 30 \
             bytes) came with this result. The person can open it on the page; what is in it is not shown here.]"
        );
        assert_eq!(second.messages.last().unwrap().content, [said(told), image]);
        assert_eq!(second.messages[..first.messages.len()].len(), first.messages.len());
        for (before, now) in first.messages.iter().zip(&second.messages) {
            assert_eq!(before.content, now.content);
        }
        assert_eq!(second.images.keys().collect::<Vec<_>>(), [&2]);

        // Ann alone has them, and only as what they are.
        for (number, name, media_type) in [
            (1, "result.txt", "application/octet-stream"),
            (2, "sky.png", "image/png"),
            (3, "page.html", "application/octet-stream"),
            (4, "broken.png", "application/octet-stream"),
        ] {
            let found = blob::find(&mut conn, world.ann, conversation, number).await.unwrap().unwrap();
            assert_eq!((found.name.as_str(), found.media_type.as_str()), (name, media_type));
            for other in world.others() {
                assert_eq!(blob::find(&mut conn, other, conversation, number).await.unwrap(), None);
            }
        }
        let bytes = blob::bytes_of(&mut conn, tenant, conversation, &[1, 2]).await.unwrap();
        assert_eq!(bytes[&1], Bytes::from("x".repeat(200_000)));
        assert_eq!(second.images[&2], bytes[&2]);
        drop(conn);

        turn::delete(&state, &ann, conversation).await.unwrap();
        let mut conn = world.db.read(ALL).await.unwrap();
        assert_eq!(count(&mut conn, "blobs").await, 0, "files outlive their conversation");
    }

    async fn what_finds_no_room_is_left_out_and_named(backend) {
        let (world, home, model) = (World::new(backend).await, TempDir::new().unwrap(), Model::default());
        let files = vec![
            file("large.bin", "", vec![0; 2000]),
            file("small.bin", "", vec![0; 1000]),
            file("more.bin", "", vec![0; 1000]),
        ];
        let settings = [("FILES_PER_TENANT", "1kb")];
        let state = state(&world, home.path(), &model, ToolResult { files, ..ToolResult::from("Drawn.") }, &settings);
        let ann = caller(&world, world.ann).await;
        let (_, call) = drawn(&state, &ann).await;
        let outcome = ToolCall::from(call).outcome.unwrap();
        let note = "Drawn.\n\n[Not kept, because there is no more room for the team's files: large.bin, more.bin]";
        assert_eq!(outcome.text, note);
        let media_type = "application/octet-stream".to_owned();
        assert_eq!(outcome.files, [Block::File { number: 1, media_type, name: "small.bin".into(), bytes: 1000 }]);
        let last = model.0.lock().unwrap().pop().unwrap().messages.pop().unwrap();
        assert!(matches!(&last.content[..], [Block::ToolResult { text, .. }] if text.starts_with(note)), "{last:?}");
        let mut conn = world.db.read(world.ann.tenant).await.unwrap();
        assert_eq!(blob::stored(&mut conn, world.ann.tenant).await.unwrap(), 1000);
    }

    async fn results_at_once_do_not_take_the_same_room(backend) {
        let world = Arc::new(World::new(backend).await);
        let home = Arc::new(TempDir::new().unwrap());
        let kept = at_once(4, |_| {
            let (world, home) = (world.clone(), home.clone());
            Box::pin(async move {
                let gives = ToolResult { files: vec![file("a.bin", "", vec![0; 1000])], ..ToolResult::default() };
                let state = state(&world, home.path(), &Model::default(), gives, &[("FILES_PER_TENANT", "2kb")]);
                let (_, call) = drawn(&state, &caller(&world, world.ann).await).await;
                ToolCall::from(call).outcome.unwrap().files.len()
            })
        })
        .await;
        assert_eq!(kept.iter().sum::<usize>(), 2, "{kept:?}");
        let mut conn = world.db.read(world.ann.tenant).await.unwrap();
        assert_eq!(blob::stored(&mut conn, world.ann.tenant).await.unwrap(), 2000);
    }

    async fn an_image_larger_than_models_take_is_shown_and_not_sent(backend) {
        let (world, home, model) = (World::new(backend).await, TempDir::new().unwrap(), Model::default());
        // Noise does not become smaller.
        let mut seed = 1_u32;
        let noise = RgbImage::from_fn(1200, 1150, |_, _| {
            image::Rgb([(); 3].map(|()| {
                seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                seed.to_be_bytes()[0]
            }))
        });
        let mut bytes = Vec::new();
        DynamicImage::from(noise).write_to(&mut Cursor::new(&mut bytes), ImageFormat::Png).unwrap();
        assert!((turn::IMAGE_MAX_BYTES..5 << 20).contains(&bytes.len()), "{}", bytes.len());
        let gives = ToolResult { files: vec![file("noise.png", "image/png", bytes)], ..ToolResult::default() };
        let state = state(&world, home.path(), &model, gives, &[]);
        let ann = caller(&world, world.ann).await;
        let (_, call) = drawn(&state, &ann).await;
        let outcome = ToolCall::from(call).outcome.unwrap();
        assert!(matches!(&outcome.files[..], [Block::Image { width: 1200, height: 1150, .. }]), "{outcome:?}");
        let last = model.0.lock().unwrap().pop().unwrap();
        assert!(last.images.is_empty());
        assert!(matches!(last.messages.last().unwrap().content[..], [_, Block::Image { .. }]), "it is told by its name");
    }
}
