use super::*;

const LIMITS: Limits = Limits { time: Duration::from_secs(20), memory: 32 << 20 };

/// What came of a script, and what it wrote.
fn evaluated(code: &str, limits: Limits) -> (Result<String, Fault>, String) {
    let code = code.to_owned();
    let script = std::thread::Builder::new().stack_size(THREAD_STACK).spawn(move || {
        let written = Rc::new(RefCell::new(String::new()));
        let kept = written.clone();
        let ended = evaluate(&code, limits, move |text| kept.borrow_mut().push_str(&text));
        (ended, written.take())
    });
    script.unwrap().join().unwrap()
}

fn value(code: &str) -> String {
    evaluated(code, LIMITS).0.unwrap_or_else(|fault| panic!("{code}: {fault:?}"))
}

fn thrown(code: &str) -> String {
    match evaluated(code, LIMITS).0 {
        Err(Fault::Threw(words)) => words,
        other => panic!("{code}: {other:?}"),
    }
}

#[test]
fn the_last_value_is_text_or_json() {
    for (code, expected) in [
        ("", "undefined"),
        ("1 + 1", "2"),
        ("0.1 + 0.2", "0.30000000000000004"),
        ("-0", "-0"),
        ("NaN", "NaN"),
        ("2n ** 70n", "1180591620717411303424n"),
        ("'a\\nb'", "a\nb"),
        ("'\\ud800'", "\u{fffd}"),
        ("'é日😀'", "é日😀"),
        ("null", "null"),
        ("true", "true"),
        ("Symbol('s')", "Symbol(s)"),
        ("(function f() {})", "[function f]"),
        ("({b: 1, a: [1, 'x', null, undefined]})", r#"{"b":1,"a":[1,"x",null,null]}"#),
        ("({n: 1n, m: new Map([['k', {v: 1}]]), s: new Set([1, 2])})", r#"{"n":"1n","m":{"k":{"v":1}},"s":[1,2]}"#),
        ("new Uint8Array([1, 2])", "[1,2]"),
        ("new Date(0)", r#""1970-01-01T00:00:00.000Z""#),
        ("const a = {x: {}}; a.x.up = a; a", r#"{"x":{"up":"[circular]"}}"#),
        ("const shared = {y: 1}; ({one: shared, other: shared})", r#"{"one":{"y":1},"other":{"y":1}}"#),
        ("let x = 20; x += 1; x * 2", "42"),
        ("const x = 1;\nreturn x + 1", "2"),
        ("if (true) { return 'early' } 'late'", "early"),
        ("await Promise.resolve(5)", "5"),
        ("const f = async () => { await null; return [1] }; await f()", "[1]"),
        ("(async () => 'unwrapped')()", "unwrapped"),
        ("const r = await Promise.all([1, 2].map(async (n) => n * 2)); return r", "[2,4]"),
        ("// the last line is a comment\n3 // three", "3"),
        (
            "typeof setTimeout + typeof fetch + typeof require + typeof process + typeof std + typeof os",
            &"undefined".repeat(6),
        ),
        ("[..._('x')].length; function _(s) { return s }", "1"),
        ("({get x() { throw 1 }})", "[a value that cannot be shown]"),
    ] {
        assert_eq!(value(code), expected, "{code}");
    }
    assert_eq!(value("'x'.repeat(1e6)").len(), MAX_VALUE);
}

#[test]
fn what_goes_wrong_is_told_with_its_place() {
    for (code, says) in [
        ("null.x", "TypeError: cannot read property 'x' of null\n    at "),
        ("\n\nthrow new RangeError('no')", "script.js:3"),
        ("throw 'a word'", "a word"),
        ("throw {code: 7}", r#"{"code":7}"#),
        ("throw null", "threw null"),
        ("JSON.parse('{')", "SyntaxError: "),
        ("let = ;", "SyntaxError: "),
        ("await Promise.reject(new Error('later'))", "Error: later"),
        ("await import('std')", "could not load module"),
        ("import x from 'std'", "SyntaxError"),
        ("await new Promise(() => {})", "no timers"),
        ("Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)", "Error"),
        ("throw {toString() { throw 1 }, get x() { throw 2 }}", "cannot be shown"),
    ] {
        let words = thrown(code);
        assert!(words.contains(says), "{code}: {words}");
    }
}

#[test]
fn a_script_that_could_be_read_runs_once() {
    let (ended, written) = evaluated("console.log('once'); JSON.parse('{'); return 1", LIMITS);
    assert!(matches!(&ended, Err(Fault::Threw(words)) if words.starts_with("SyntaxError")), "{ended:?}");
    assert_eq!(written, "once\n");
}

#[test]
fn the_console_writes_lines_up_to_an_end() {
    let code = "console.log('a', 1, {b: 2}); console.warn('w'); console.error(new Error('e').message); console.log()";
    assert_eq!(evaluated(code, LIMITS).1, "a 1 {\"b\":2}\n[warn] w\n[error] e\n\n");
    let (ended, written) = evaluated("Promise.resolve().then(() => console.log('after')); 1", LIMITS);
    assert_eq!((ended, written.as_str()), (Ok("1".to_owned()), "after\n"));
    let (ended, written) = evaluated("for (let i = 0; i < 50000; i++) console.log('é'.repeat(9)); 'done'", LIMITS);
    assert_eq!(ended, Ok("done".to_owned()));
    assert!(written.len() < MAX_OUTPUT + 60 && written.ends_with("left out.]\n"), "{} bytes", written.len());
    assert!(evaluated("console.log('x'.repeat(10_000_000))", LIMITS).1.len() <= MAX_OUTPUT + 60);
}

#[test]
fn what_never_ends_is_ended() {
    let limits = Limits { time: Duration::from_millis(300), ..LIMITS };
    for code in [
        "for (;;) {}",
        "try { for (;;) {} } catch { 'caught' } finally { for (;;) {} }",
        "(async () => { for (;;) await null })()",
        "const again = () => Promise.resolve().then(again); await again()",
        "const again = () => { Promise.resolve().then(again) }; again(); 1",
        "/^(a+)+$/.test('a'.repeat(40) + '!')",
        "/(x+x+)+y/.exec('x'.repeat(60))",
        "({toJSON() { for (;;) {} }})",
        "console.log({toJSON() { for (;;) {} }})",
        "throw {get stack() { for (;;) {} }, toJSON() { for (;;) {} }}",
        "[3, 1, 2].sort(() => { for (;;) {} })",
        "eval('for (;;) {}')",
        "function* g() { for (;;) yield 1 } Array.from({length: 1e9}, () => 0); [...g()]",
    ] {
        let began = Instant::now();
        let ended = evaluated(code, limits).0;
        // A generator that fills the memory may be ended for that first.
        let memory = matches!(&ended, Err(Fault::Threw(words)) if words.contains("memory"));
        assert!(ended == Err(Fault::Time) || memory, "{code}: {ended:?}");
        assert!(began.elapsed() < Duration::from_secs(10), "{code}: {:?}", began.elapsed());
    }
}

#[test]
fn what_takes_too_much_memory_or_stack_is_told_so() {
    for code in [
        "const a = []; for (;;) a.push(new Array(1000).fill(1))",
        "let s = 'x'; for (;;) s += s + 'y'",
        "'x'.repeat(2 ** 29)",
        "new ArrayBuffer(2 ** 31 - 1)",
        "new Uint8Array(1e9)",
        "const m = new Map(); for (let i = 0; ; i++) m.set(i, {i})",
        "let o = {}; for (;;) o = {o}; o",
        "Array.from({length: 1e9})",
        "'a,'.repeat(1e7).split(',')",
    ] {
        let words = thrown(code);
        assert!(words.contains("memory") || words.contains("length") || words.contains("string"), "{code}: {words}");
    }
    for code in [
        "const f = () => f() + 1; f()",
        "let a = []; for (let i = 0; i < 1e5; i++) a = [a]; JSON.stringify(a)",
        "JSON.parse('['.repeat(1e6))",
        "eval('('.repeat(1e5))",
        "new RegExp('('.repeat(1e5) + ')'.repeat(1e5)).test('')",
        "class A { get x() { return this.x } } new A().x",
        "const p = new Proxy({}, {get: (t, k, r) => r[k]}); p.x",
    ] {
        let words = thrown(code);
        assert!(words.contains("stack") || words.contains("Error"), "{code}: {words}");
    }
    let deep = value("let a = []; for (let i = 0; i < 1e5; i++) a = [a]; a");
    assert_eq!(deep, "[a value that cannot be shown]");
}
