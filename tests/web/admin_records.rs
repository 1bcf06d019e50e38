//! Records on their admin page: imported whole, in steps that are seen, once; listed; deleted when it was meant.

use futures_util::StreamExt as _;
use serde_json::Value;

use crate::{
    both,
    support::{App, Backend, Page, Person, eventually, multipart, page::Form},
};

/// The page's address, for a tenant.
fn address(app: &App, slug: &str) -> String {
    format!("/admin/tenants/{}/records", app.query(&format!("SELECT id FROM tenants WHERE slug = '{slug}'")))
}

/// A fresh form that imports, filled in.
async fn form(app: &App, person: &Person, collection: &str) -> Form {
    let page = person.get(&address(app, &app.tenant())).await;
    page.expect(200);
    page.form_to("/records").fill("collection", collection)
}

async fn send(person: &Person, form: &Form, name: &str, text: &[u8]) -> Page {
    person.submit_files(form, &[("file", name, text)]).await
}

/// Imports a file by a fresh form.
async fn import(app: &App, person: &Person, collection: &str, name: &str, text: &str) -> Page {
    send(person, &form(app, person, collection).await, name, text.as_bytes()).await
}

/// What an import says at its end.
fn end(page: &Page) -> String {
    page.expect(200);
    assert!(page.html.trim_end().ends_with("</html>"), "the page broke off: {}", page.text());
    page.nodes("#import-end").first().unwrap_or_else(|| panic!("it has no end: {}", page.text())).text.clone()
}

fn stored(app: &App) -> String {
    app.query("SELECT count(*) FROM records")
}

fn audited(app: &App) -> String {
    app.query("SELECT object, details FROM audit_rows WHERE action LIKE 'records%' ORDER BY number")
}

/// Lines of so many documents.
fn lines(count: usize) -> String {
    (1..=count).map(|n| format!("{{\"n\":{n},\"text\":\"document {n}\"}}\n")).collect()
}

both! {
    async fn json_lines_and_csv_go_in(backend) {
        let (app, person) = App::ready(backend, &[]).await;
        let text = "\u{feff}{\"_id\":\"a\",\"price\":1.50}\r\n\r\n{\"name\":\"Ação <b>\"}\n";
        let page = import(&app, &person, "things", "things.jsonl", text).await;
        assert_eq!(end(&page), "2 documents were imported.");
        assert_eq!(page.url.path(), address(&app, &app.tenant()));
        // As it was written, with an _id where it had none.
        assert_eq!(app.query("SELECT document FROM records WHERE id = 'a'"), "{\"_id\":\"a\",\"price\":1.50}");
        let other: Value = serde_json::from_str(&app.query("SELECT document FROM records WHERE id <> 'a'")).unwrap();
        assert_eq!((other["name"].as_str(), other["_id"].as_str().map(str::len)), (Some("Ação <b>"), Some(36)));
        let page = import(&app, &person, "things", "more.csv", "_id;name;n;yes\nb;\"Bee; or\nnot\";7;true\n007;;;\n").await;
        assert_eq!(end(&page), "2 documents were imported.");
        assert_eq!(app.query("SELECT document FROM records WHERE id = 'b'"), "{\"_id\":\"b\",\"name\":\"Bee; or\\nnot\",\"n\":7,\"yes\":true}");
        // Into one that is not there yet, by how it begins.
        assert_eq!(end(&import(&app, &person, "other", "data", "{\"_id\":\"x\"}").await), "1 document was imported.");
        let bytes = app.query("SELECT sum(length(document)) FROM records WHERE collection = 'other'");
        assert_eq!(app.query("SELECT name, documents FROM record_collections ORDER BY name"), "other|1\nthings|4");
        assert_eq!(app.query("SELECT bytes FROM record_collections WHERE name = 'other'"), bytes);
        assert_eq!(audited(&app), "collection:things|documents=2 there=0 lines=1-3\ncollection:things|documents=2 there=0 lines=2-4\ncollection:other|documents=1 there=0 lines=1-1");
        assert!(app.run(&["audit", "verify"], None).status.success());

        let list = person.get(&address(&app, &app.tenant())).await;
        assert!(list.text().contains("things 4 documents"), "{}", list.text());
        let page = person.get(list.the("link", "things").attribute("href")).await;
        let documents = page.nodes("details.document");
        assert_eq!(documents.len(), 4);
        assert!(documents[1].text.contains("\"name\": \"Ação <b>\""), "{}", documents[1].text);
        assert_eq!(page.nodes("details.document b").len(), 0);
        // The assistant finds them.
        assert_eq!(app.query("SELECT count(*) FROM records JOIN tenants ON records.tenant_id = tenants.id"), "5");
    }

    async fn how_far_it_is_can_be_watched(backend) {
        let (app, person) = App::ready(backend, &[]).await;
        let form = form(&app, &person, "many").await;
        let (kind, body) = multipart(&form.fields, &[("file", "many.jsonl", lines(5300).as_bytes())]);
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        let request = client.post(format!("{}{}", app.base, form.action)).body(body).header("content-type", kind);
        let request = request.header("cookie", person.cookie_header()).header("origin", &app.base);
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status(), 200);
        assert_eq!(answer.headers()["x-accel-buffering"], "no");
        let (mut parts, mut told) = (answer.bytes_stream(), String::new());
        let mut seen = Vec::new();
        while let Some(part) = parts.next().await {
            told += std::str::from_utf8(&part.unwrap()).unwrap();
            let latest = (0..=5300).rev().step_by(100).find(|count| told.contains(&format!("{count} of 5300 documents")));
            if let Some(count) = latest {
                // Never more than there is.
                let there: usize = stored(&app).parse().unwrap();
                assert!(there >= count, "{count} are told, {there} are there");
                seen.push(count);
            }
        }
        seen.dedup();
        // Something was seen before it was over.
        assert!(seen.len() >= 2 && seen.is_sorted() && seen.last() == Some(&5300), "{seen:?}");
        for count in [0, 500, 2500, 5000, 5300] {
            assert!(told.contains(&format!("{count} of 5300 documents are in.")), "{count}");
        }
        assert!(told.contains("5300 documents were imported.") && told.trim_end().ends_with("</html>"));
        assert_eq!(app.query("SELECT count(*) FROM audit_rows WHERE action = 'records_imported'"), "11");
    }

    async fn it_goes_on_when_nobody_watches(backend) {
        let (app, person) = App::ready(backend, &[]).await;
        let form = form(&app, &person, "many").await;
        let (kind, body) = multipart(&form.fields, &[("file", "many.jsonl", lines(3000).as_bytes())]);
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        let request = client.post(format!("{}{}", app.base, form.action)).body(body).header("content-type", kind);
        let answer = request.header("cookie", person.cookie_header()).header("origin", &app.base).send().await.unwrap();
        drop(answer);
        eventually("all of them are in", async || (stored(&app) == "3000").then_some(())).await;
    }

    async fn a_form_that_is_sent_twice_imports_once(backend) {
        let (app, person) = App::ready(backend, &[]).await;
        let form = form(&app, &person, "once").await;
        let text = format!("{}{{\"_id\":\"own\"}}\n{{\"same\":1}}\n{{\"same\":1}}\n", lines(700));
        // At the same time, then again.
        let both = tokio::join!(send(&person, &form, "a.jsonl", text.as_bytes()), send(&person, &form, "a.jsonl", text.as_bytes()));
        let number = |page: &Page| -> usize { end(page).split(' ').next().unwrap().parse().unwrap_or(0) };
        assert_eq!(number(&both.0) + number(&both.1), 703, "{} {}", end(&both.0), end(&both.1));
        assert_eq!(stored(&app), "703");
        let count = audited(&app).lines().count();
        let again = send(&person, &form, "a.jsonl", text.as_bytes()).await;
        assert_eq!(end(&again), "0 documents were imported. 703 were there already and stayed as they are.");
        assert_eq!((stored(&app), audited(&app).lines().count()), ("703".to_owned(), count));
        // Another form is another import; what has an _id of its own stays one.
        let other = import(&app, &person, "once", "a.jsonl", "{\"same\":1}\n{\"_id\":\"own\"}\n").await;
        assert_eq!(end(&other), "1 document was imported. 1 was there already and stayed as it is.");
    }

    async fn faulty_lines_are_told_and_nothing_goes_in(backend) {
        let (app, person) = App::ready(backend, &[]).await;
        let faulty = |page: &Page| -> Vec<String> { page.nodes("#faults li").into_iter().map(|line| line.text).collect() };
        let text = format!("{}nonsense <i>\n{{\"a\":1,\"a\":2}}\n{{\"_id\":5}}\n{{\"$a\":1}}\n", lines(600));
        let page = import(&app, &person, "bad", "bad.jsonl", &text).await;
        page.expect(422);
        let told = faulty(&page);
        assert_eq!(told.len(), 4, "{told:?}");
        for (line, (number, words)) in told.iter().zip([(601, "no JSON object"), (602, "twice"), (603, "must be a string"), (604, "cannot be named")]) {
            assert!(line.starts_with(&format!("Line {number}: ")) && line.contains(words), "{line}");
        }
        assert!(page.complaint().contains("Nothing was imported: 4 lines are wrong"), "{}", page.complaint());
        assert_eq!(page.form_to("/records").value("collection"), Some("bad"));
        let page = import(&app, &person, "bad", "bad.csv", "a,b\n1,2\n1\n1,2,3\n").await;
        page.expect(422);
        assert_eq!(faulty(&page), ["Line 3: It has 1 cells; the headings are 2.", "Line 4: It has 3 cells; the headings are 2."]);
        let page = import(&app, &person, "bad", "bad.csv", "a,a\n1,2\n").await;
        assert!(faulty(&page)[0].contains("stands twice"), "{}", page.text());
        let page = import(&app, &person, "bad", "bad.jsonl", &"x\n".repeat(50)).await;
        assert_eq!(faulty(&page).len(), 20);
        assert!(page.complaint().contains("50 lines are wrong"), "{}", page.complaint());
        assert_eq!((stored(&app), app.query("SELECT count(*) FROM record_collections"), audited(&app)), ("0".into(), "0".into(), String::new()));
    }

    async fn what_is_no_import_is_refused(backend) {
        let (app, person) = App::ready(backend, &[("UPLOAD_LIMIT", "100kb")]).await;
        let good = form(&app, &person, "fine").await;
        let file = b"{\"a\":1}".as_slice();
        for (form, files, status, says) in [
            (good.clone().fill("collection", "9 lives"), vec![("file", "a.jsonl", file)], 422, "name is a letter"),
            (good.clone().fill("collection", ""), vec![("file", "a.jsonl", file)], 422, "name is a letter"),
            (good.clone().fill("collection", "../x"), vec![("file", "a.jsonl", file)], 422, "name is a letter"),
            (good.clone(), vec![], 422, "Choose one file"),
            (good.clone(), vec![("file", "a.jsonl", file), ("file", "b.jsonl", file)], 422, "Choose one file"),
            (good.clone(), vec![("file", "a.jsonl", b"\xFF\xFE".as_slice())], 422, "no text in UTF-8"),
            (good.clone(), vec![("file", "a.jsonl", b"{\"a\":\"\0\"}".as_slice())], 422, "no text in UTF-8"),
            (good.clone(), vec![("file", "a.jsonl", b" \n\n".as_slice())], 422, "no documents in the file"),
            (good.clone(), vec![("file", "a.csv", b"a,b\n".as_slice())], 422, "no documents in the file"),
            (good.clone().fill("idempotency_key", ""), vec![("file", "a.jsonl", file)], 422, "idempotency_key"),
            (good.clone().fill("csrf", "x"), vec![("file", "a.jsonl", file)], 403, "open for too long"),
        ] {
            let page = person.submit_files(&form, &files).await;
            page.expect(status);
            assert!(page.complaint().contains(says), "{says}: {}", page.complaint());
        }
        let large = "x".repeat(101 << 10);
        let page = send(&person, &good, "a.jsonl", large.as_bytes()).await;
        page.expect(413);
        assert!(page.complaint().contains("larger than 100 KB"), "{}", page.complaint());
        assert_eq!(page.form_to("/records").value("collection"), Some("fine"));
        assert_eq!((stored(&app), audited(&app)), ("0".to_owned(), String::new()));
    }

    async fn it_ends_where_the_collection_does_and_can_be_gone_on_with(backend) {
        let (mut app, person) = App::ready(backend, &[("COLLECTION_LIMIT", "50kb")]).await;
        let text = lines(800);
        let good = form(&app, &person, "full").await;
        let page = send(&person, &good, "a.jsonl", text.as_bytes()).await;
        let said = end(&page);
        assert!(said.contains("ended early") && said.contains("larger than this server allows"), "{said}");
        assert!(said.ends_with("500 documents were imported, and stay."), "{said}");
        assert_eq!((stored(&app).as_str(), audited(&app).lines().count()), ("500", 1));
        // With room, the form of that page goes on where it ended.
        let again = page.form_to("/records");
        assert_eq!(again.value("idempotency_key"), good.value("idempotency_key"));
        app.set("COLLECTION_LIMIT", "1mb");
        app.restart();
        let page = send(&person, &again, "a.jsonl", text.as_bytes()).await;
        assert_eq!(end(&page), "300 documents were imported. 500 were there already and stayed as they are.");
        assert_eq!(stored(&app), "800");

        // What is there with something else in it is not overwritten.
        import(&app, &person, "own", "a.jsonl", "{\"_id\":\"a\",\"v\":1}").await.expect(200);
        let text = format!("{}{{\"_id\":\"a\",\"v\":2}}\n", lines(600));
        let said = end(&import(&app, &person, "own", "b.jsonl", &text).await);
        assert!(said.contains("On line 601 is the _id “a”"), "{said}");
        assert!(said.ends_with("500 documents were imported, and stay."), "{said}");
        assert_eq!(app.query("SELECT document FROM records WHERE id = 'a'"), "{\"_id\":\"a\",\"v\":1}");
        assert_eq!(app.query("SELECT documents FROM record_collections WHERE name = 'own'"), "501");
        let said = end(&import(&app, &person, "own", "b.jsonl", "{\"_id\":\"a\",\"v\":2}").await);
        assert!(said.ends_with("No document was imported."), "{said}");
    }

    async fn documents_come_in_pages(backend) {
        let (app, person) = App::ready(backend, &[]).await;
        let long = format!("{{\"_id\":\"z & =\",\"long\":\"{}\u{202e}END\"}}\n", "word ".repeat(40_000));
        import(&app, &person, "paged", "a.jsonl", &format!("{}{long}{}", lines(49), lines(75))).await.expect(200);
        let mut page = person.get(&format!("{}?collection=paged", address(&app, &app.tenant()))).await;
        let (mut counts, mut all) = (Vec::new(), Vec::new());
        loop {
            page.expect(200);
            let documents = page.nodes("details.document");
            counts.push(documents.len());
            all.extend(documents.into_iter().map(|document| document.text));
            let Some(next) = page.find("link", "Next documents") else { break };
            page = person.get(next.attribute("href")).await;
        }
        assert_eq!(counts, [50, 50, 25]);
        assert!(all[0].contains("\"n\": 1,") && all[48].contains("\"n\": 49,") && all[50].contains("\"n\": 1,"));
        assert!(all[124].contains("\"n\": 75,"));
        // A long one is cut; the rest of it is in its fold, with nothing hidden.
        let first = person.get(&format!("{}?collection=paged", address(&app, &app.tenant()))).await;
        let summary = &first.nodes("details.document summary")[49].text;
        assert!(summary.ends_with('…') && summary.chars().count() < 130, "{summary}");
        assert!(all[49].contains("\\u202EEND\""), "the rest is not there");
        page = person.get(page.the("link", "To the first documents").attribute("href")).await;
        assert_eq!(page.nodes("details.document")[0].text, all[0]);
        for wrong in ["?collection=none", "?collection=paged&after=none", "?collection=%00", "?collection=..", "?collection=paged&after=%00"] {
            person.get(&format!("{}{wrong}", address(&app, &app.tenant()))).await.expect(404);
        }
    }

    async fn a_collection_goes_when_its_name_is_typed(backend) {
        let (app, person) = App::ready(backend, &[]).await;
        for name in ["keep", "gone"] {
            import(&app, &person, name, "a.jsonl", &lines(3)).await.expect(200);
        }
        let good = person.get(&format!("{}?collection=gone", address(&app, &app.tenant()))).await.form_to("/delete");
        for wrong in ["", "keep", "Gone", "gone?"] {
            let page = person.submit(&good.clone().fill("confirmation", wrong)).await;
            page.expect(422);
            assert!(page.complaint().contains("Nothing was deleted"), "{}", page.complaint());
            assert!(page.nodes("details[open] #confirmation").len() == 1, "the form is folded away");
        }
        for wrong in ["none", "\0", ".."] {
            person.submit(&good.clone().fill("collection", wrong).fill("confirmation", wrong)).await.expect(404);
        }
        assert_eq!(stored(&app), "6");
        let page = person.submit(&good.clone().fill("confirmation", " gone ")).await;
        page.expect(200);
        assert!(page.text().contains("“gone” was deleted."), "{}", page.text());
        assert_eq!(app.query("SELECT name FROM record_collections"), "keep");
        assert_eq!(stored(&app), "3");
        assert!(audited(&app).ends_with("collection:gone|documents=3"), "{}", audited(&app));
        person.submit(&good.fill("confirmation", "gone")).await.expect(404);
        // Who makes up an address is told nothing that is not so.
        let page = person.get(&format!("{}?deleted=keep", address(&app, &app.tenant()))).await;
        assert!(page.nodes("[role=status]").is_empty(), "{}", page.text());
    }

    async fn it_is_for_those_who_run_the_tenant(backend) {
        let (app, owner) = App::ready(backend, &[]).await;
        let slug = app.tenant();
        let here = address(&app, &slug);
        import(&app, &owner, "ours", "a.jsonl", &lines(3)).await.expect(200);
        let collection = format!("{here}?collection=ours");
        let good = form(&app, &owner, "ours").await;
        let delete = owner.get(&collection).await.form_to("/delete").fill("confirmation", "ours");
        let member = app.person("member@example.org", &slug, "member").await;
        let stranger = app.stranger().await;
        for (person, status) in [(&member, 403), (&stranger, 404)] {
            person.get(&here).await.expect(status);
            person.get(&collection).await.expect(status);
            let csrf = person.get("/settings").await.csrf();
            let theirs = |form: &Form| form.clone().without("csrf").forge("csrf", &csrf);
            send(person, &theirs(&good), "a.jsonl", lines(1).as_bytes()).await.expect(status);
            person.submit(&theirs(&delete)).await.expect(status);
        }
        assert_eq!(stored(&app), "3");
        // One's own page shows one's own alone.
        let there = address(&app, "elsewhere");
        assert!(stranger.get(&there).await.text().contains("There are no records yet"));
        stranger.get(&format!("{there}?collection=ours")).await.expect(404);
        let mut theirs = stranger.get(&there).await.form_to("/records").fill("collection", "ours");
        assert_eq!(end(&send(&stranger, &theirs, "a.jsonl", lines(2).as_bytes()).await), "2 documents were imported.");
        assert!(owner.get(&here).await.text().contains("ours 3 documents"));
        // An operator may; the first account is one.
        theirs = owner.get(&there).await.form_to("/records").fill("collection", "ours");
        assert_eq!(end(&send(&owner, &theirs, "a.jsonl", lines(1).as_bytes()).await), "1 document was imported.");
        assert!(stranger.get(&there).await.text().contains("ours 3 documents"));
        let page = app.visitor().get(&here).await;
        assert!(page.url.path().ends_with("/login"), "{}", page.url);
    }
}

/// A form is good on any instance, and what one has begun, another goes on with.
#[tokio::test(flavor = "multi_thread")]
async fn two_instances_import_once() {
    let (app, person) = App::ready(Backend::Postgres, &[]).await;
    let other = app.beside();
    let good = form(&app, &person, "shared").await;
    let text = lines(900);
    let mut there = person.copy();
    there.base.clone_from(&other.base);
    let both = tokio::join!(
        send(&person, &good, "a.jsonl", text.as_bytes()),
        send(&there, &good, "a.jsonl", text.as_bytes()),
    );
    let number = |page: &Page| -> usize { end(page).split(' ').next().unwrap().parse().unwrap_or(0) };
    assert_eq!(number(&both.0) + number(&both.1), 900, "{} {}", end(&both.0), end(&both.1));
    assert_eq!(stored(&app), "900");
}
