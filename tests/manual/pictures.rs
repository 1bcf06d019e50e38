//! Pictures of the real pages for the manual: taken in Chromium, made small, and laid below `target/pictures/manual`, or
//! where `PICTURES` says: `PICTURES=docs/pictures cargo test --test manual pictures` makes those of the documents anew.

use std::{
    collections::{BTreeSet, HashMap},
    fs,
    path::PathBuf,
};

use color_quant::NeuQuant;
use serde_json::json;

use crate::support::{App, Backend, Browser, Key, Look, Person, eventually, root, target};

/// A window in which a page of the manual is looked at.
const WINDOW: Look = Look { width: 1000, height: 980, ..Look::LIGHT };
const PHONE: Look = Look { width: 390, height: 844, ..Look::LIGHT };

/// What the harbour's people write.
const TIDES: &str =
    "Create a file `notes/tides.md` with content: High water: 05:40 and 18:10. The ferry leaves at 18:30.";
const LATER: &str =
    "Create a file `notes/tides.md` with content: High water: 05:40 and 18:10. The ferry leaves at 18:45.";

fn folder() -> PathBuf {
    std::env::var_os("PICTURES").map_or_else(|| target().join("pictures/manual"), |folder| root().join(folder))
}

/// The same picture with 256 colours, as a PNG with a palette.
fn small(picture: &[u8]) -> Vec<u8> {
    let image = image::load_from_memory(picture).unwrap().to_rgba8();
    let (width, height) = image.dimensions();
    let pixels = image.into_raw();
    let chosen: BTreeSet<[u8; 4]> = pixels.as_chunks().0.iter().copied().collect();
    let colours: Vec<u8> = if chosen.len() <= 256 {
        chosen.iter().flatten().copied().collect()
    } else {
        NeuQuant::new(3, 256, &pixels).color_map_rgba()
    };
    let palette: Vec<[u8; 4]> = colours.as_chunks().0.to_vec();
    let distance = |a: [u8; 4], b: [u8; 4]| -> u32 { (0..3).map(|at| u32::from(a[at].abs_diff(b[at])).pow(2)).sum() };
    let mut known: HashMap<[u8; 4], u8> = HashMap::new();
    let mut nearest = |pixel: [u8; 4]| {
        *known.entry(pixel).or_insert_with(|| {
            let best = (0..palette.len()).min_by_key(|at| distance(palette[*at], pixel)).unwrap();
            u8::try_from(best).unwrap()
        })
    };
    let indices: Vec<u8> = pixels.as_chunks().0.iter().map(|pixel| nearest(*pixel)).collect();
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, width, height);
    encoder.set_color(png::ColorType::Indexed);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::High);
    encoder.set_palette(palette.iter().flat_map(|colour| colour[..3].to_vec()).collect::<Vec<_>>());
    let mut writer = encoder.write_header().unwrap();
    writer.write_image_data(&indices).unwrap();
    writer.finish().unwrap();
    bytes
}

async fn taken(browser: &Browser, name: &str) {
    let picture = small(&browser.seen().await);
    assert!(picture.len() > 4000, "{name} shows nothing");
    fs::create_dir_all(folder()).unwrap();
    fs::write(folder().join(format!("{name}.png")), picture).unwrap();
}

/// Brings a place of the page to the top of the window.
async fn to_the_top(browser: &Browser, css: &str) {
    let body = "document.querySelector(arguments[0]).scrollIntoView({block: 'start'})";
    browser.script(body, vec![json!(css)]).await;
}

/// Approves by keys. A request takes no press in its first half second, so the key may have to be pressed again.
async fn approves(browser: &Browser) {
    browser.press(Key::F8).await;
    browser.tab_to("button", "Approve").await;
    eventually("Approve is pressed", async || {
        let waits = browser.state().await.starts_with("Waiting");
        if waits && browser.focused().await.1 == "Approve" {
            browser.press(Key::Enter).await;
        }
        (!waits).then_some(())
    })
    .await;
    browser.comes_to("Ready").await;
}

/// The line below the message box has room for what stands in it: nothing is broken into letters.
async fn is_not_squeezed(browser: &Browser) {
    let tall =
        "return Math.max(...['.only-model', '.attach label'].map(css => document.querySelector(css).offsetHeight))";
    let tall = browser.script(tall, vec![]).await;
    assert!(tall.as_u64().is_some_and(|pixels| pixels < 40), "{tall} pixels high");
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_as_a_newcomer_meets_them() {
    let (app, person) = App::ready(Backend::Sqlite, &[]).await;
    app.admin(&["rename-tenant", "--slug", &app.tenant(), "--name", "Harbour Office"], None);
    let tenant = format!("/admin/tenants/{}", app.query("SELECT id FROM tenants"));
    let browser = Browser::of(&person, WINDOW).await;
    browser.new_conversation("Write 200 words").await;
    browser.comes_to("Ready").await;

    // The first request of a newcomer, and what became of it.
    browser.new_conversation(TIDES).await;
    browser.comes_to("Waiting for your approval").await;
    is_not_squeezed(&browser).await;
    to_the_top(&browser, ".call").await;
    taken(&browser, "approval").await;
    browser.look(PHONE).await;
    is_not_squeezed(&browser).await;
    let buttons = "document.querySelector('.call button.approve').scrollIntoView({block: 'center'})";
    browser.script(buttons, vec![]).await;
    taken(&browser, "approval-phone").await;
    browser.look(WINDOW).await;
    approves(&browser).await;
    browser.say(LATER).await;
    browser.comes_to("Waiting for your approval").await;
    browser.look(Look { dark: true, ..WINDOW }).await;
    let last = "[...document.querySelectorAll('.call')].at(-1).scrollIntoView({block: 'start'})";
    browser.script(last, vec![]).await;
    taken(&browser, "approval-dark").await;
    browser.look(WINDOW).await;
    approves(&browser).await;

    // A reply on its way.
    browser.new_conversation("Write 400 words").await;
    browser.comes_to("Assistant is typing").await;
    eventually("some of the reply", async || (browser.log().await.len() > 700).then_some(())).await;
    taken(&browser, "conversation").await;
    browser.comes_to("Ready").await;

    more_people(&app).await;
    for (name, address, top, height) in [
        ("tools", format!("{tenant}/tools"), "body", 880),
        ("usage", format!("{tenant}/usage"), "h1", 1000),
        ("audit", format!("{tenant}/audit"), "main section:nth-of-type(2)", 700),
        ("files", "/files/notes".to_owned(), "body", 420),
    ] {
        browser.look(Look { height, ..WINDOW }).await;
        browser.goto(&address).await;
        to_the_top(&browser, top).await;
        taken(&browser, name).await;
    }
    browser.assert_quiet().await;
}

/// Somebody else in the same workspace, so that a month and a log have more than one name in them.
async fn more_people(app: &App) {
    let arguments = ["create-user", "--email", "grace@example.org", "--name", "Grace Hopper", "--tenant"];
    app.admin(&[&arguments[..], &[&app.tenant(), "--role", "member"]].concat(), Some(Person::FIRST.1));
    let grace = app.visitor();
    grace.sign_in("grace@example.org", Person::FIRST.1).await.expect(200);
    let chat = grace.new_conversation("Create a file `notes/crew.md` with content: Grace, Ada").await;
    chat.deny().await.expect(200);
    chat.settled().await;
}
