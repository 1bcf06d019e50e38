//! What was written, undone by keys; the tenant's files on a page.

use crate::{
    WISH,
    chatting::guarded,
    looks::looked_at,
    opened,
    support::{Key, Look, eventually},
};

#[tokio::test(flavor = "multi_thread")]
async fn a_write_is_undone_by_keys_alone() {
    let (app, _person, browser) = opened(Look::LIGHT).await;
    browser.new_conversation(WISH).await;
    browser.comes_to("Waiting for your approval").await;
    browser.press(Key::F8).await;
    browser.focus_comes_to("group", "Approve write_file?").await;
    browser.tab_to("button", "Approve").await;
    guarded(&browser).await;
    browser.press(Key::Enter).await;
    browser.comes_to("Ready").await;
    assert_eq!(app.file("notes/hello.txt").as_deref(), Some("Hello world"));
    looked_at(&browser, "undo-offered").await;

    // A second turn stands between, so that the call is one of an earlier turn by now.
    browser.say("Hello").await;
    browser.comes_to("Ready").await;
    browser.reload().await;
    browser.comes_to("Ready").await;
    browser.tab_to("button", "Undo").await;
    browser.press(Key::Enter).await;
    browser.sees("Undone: what was there before is there again.").await;
    eventually("the file is gone", async || app.file("notes/hello.txt").is_none().then_some(())).await;
    let where_it_is = "return document.activeElement.id.startsWith('undo-')";
    eventually("the focus is on what came of it", async || {
        (browser.script(where_it_is, vec![]).await == true).then_some(())
    })
    .await;
    looked_at(&browser, "undone").await;
    let grown = browser.log_tree().await;
    browser.reload().await;
    browser.comes_to("Ready").await;
    crate::chatting::pretty_equal(&grown, &browser.log_tree().await);
    browser.assert_quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn files_are_found_by_keys_alone() {
    let (app, person, browser) = opened(Look::LIGHT).await;
    let chat = person.new_conversation(WISH).await;
    chat.approve().await.expect(200);
    chat.settled().await;
    let folder = app.workspace().join(app.tenant());
    std::fs::write(folder.join("a rather long name of a file that has to be wrapped somewhere.txt"), "x").unwrap();
    std::fs::write(folder.join("evil\u{202e}txt.exe"), "x").unwrap();
    browser.reload().await;
    browser.tab_to("link", "Files").await;
    browser.press(Key::Enter).await;
    browser.arrives("the files", |path| path.ends_with("/files")).await;
    looked_at(&browser, "files").await;
    browser.tab_to("link", "notes").await;
    browser.press(Key::Enter).await;
    browser.arrives("the folder", |path| path.ends_with("/files/notes")).await;
    looked_at(&browser, "files-folder").await;
    browser.tab_to("link", "hello.txt").await;
    browser.press(Key::Enter).await;
    browser.arrives("the file", |path| path.ends_with("/hello.txt")).await;
    browser.the("region", "Content").await;
    looked_at(&browser, "files-file").await;
    browser.assert_quiet().await;
}
