//! What a token of a growing reply costs: microseconds for pushing four characters and flushing, around the 1,000th,
//! the 10,000th and the 100,000th token. Every flush is carried out, none waits for more text.

use std::hint::black_box;
use std::time::Instant;

use sayso::render::markdown::LiveMarkdown;

fn main() {
    let prose = "The *quick* brown fox jumps over the **lazy dog**, and `then` it reads [a page](https://example.org/x) \
                 about foxes. It sleeps well, dreams of hens & wakes up late in the afternoon, hungry again.\n\n";
    let kinds = [
        ("prose", "", prose),
        ("one code block", "```rust\n", "    let x = 4 < 5;\n"),
        ("one list", "", "- An item of a list that says **something** about what it is, at some length.\n"),
        ("one table", "| a | b |\n|---|--:|\n", "| a name of something | 12345 with `code` |\n"),
        ("one paragraph", "", "Words follow words, and nothing ever ends this paragraph. "),
    ];
    println!("{:16}{:>12}{:>12}{:>12}   100,000th to 1,000th", "µs per token", "1,000", "10,000", "100,000");
    for (name, start, repeated) in kinds {
        // The best of several runs: other programs share the processor.
        let mut best = [f64::MAX; 3];
        for _ in 0..5 {
            for (best, time) in best.iter_mut().zip(run(start, repeated)) {
                *best = best.min(time);
            }
        }
        let [first, middle, last] = best;
        println!("{name:16}{first:>12.2}{middle:>12.2}{last:>12.2}   {:.2}", last / first);
    }
}

/// The mean time of a token in the 1,000 tokens that end with the 1,500th, 10,500th and 100,500th.
fn run(start: &str, repeated: &str) -> [f64; 3] {
    let mut live = LiveMarkdown::new("#live").unpaced();
    live.push(start);
    let mut characters = repeated.chars().cycle();
    let mut times = [0.0; 3];
    let mut token = 0;
    for (time, end) in times.iter_mut().zip([1_500, 10_500, 100_500]) {
        while token < end - 1_000 {
            live.push(&characters.by_ref().take(4).collect::<String>());
            black_box(live.flush());
            token += 1;
        }
        let tokens: Vec<String> = (0..1_000).map(|_| characters.by_ref().take(4).collect()).collect();
        let begin = Instant::now();
        for text in &tokens {
            live.push(text);
            black_box(live.flush());
        }
        *time = begin.elapsed().as_secs_f64() * 1_000.0;
        token = end;
    }
    times
}
