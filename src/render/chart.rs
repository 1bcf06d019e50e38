//! Charts as SVG: bars beside one another's names, and lines over the days of a month. They are told to those who do
//! not see them by a title and a description, and a table with the same numbers stands beside each.
//!
//! What is across is in per cent and what is down in pixels, without a `viewBox`: text keeps its size on a telephone.
//! Colours are those of the page, by class; there is no style in it, which the page's policy would refuse.

use std::fmt::Write as _;

use unicode_properties::{GeneralCategoryGroup as Group, UnicodeGeneralCategory as _};

/// A bar.
#[derive(Clone, Debug)]
pub struct Bar {
    /// What it is of. Others may have written it.
    pub label: String,
    /// How long it is beside the others.
    pub value: i64,
    /// Its value in words.
    pub shown: String,
}

/// A line over the days.
#[derive(Clone, Debug)]
pub struct Line {
    /// What it is of.
    pub name: String,
    /// A value for each day.
    pub values: Vec<i64>,
}

/// What a chart is called and says, in words.
#[derive(Clone, Copy, Debug)]
pub struct Words<'a> {
    /// By which it is found on its page: letters and hyphens of ours.
    pub id: &'a str,
    /// What it shows.
    pub title: &'a str,
    /// What stands out in it.
    pub description: &'a str,
}

/// The longest label, in characters; the table has all of it.
const LABEL: usize = 48;
/// From one bar to the next.
const STEP: usize = 40;
/// How high the lines can rise, and what is above and below them.
const HEIGHT: usize = 160;
const ABOVE: usize = 28;
const BELOW: usize = 24;

/// Bars, one below the other, each under its name; the longest is as wide as the chart.
pub fn bars(words: Words<'_>, bars: &[Bar]) -> String {
    let most = bars.iter().map(|bar| bar.value).max().unwrap_or_default();
    let mut svg = open(words, "bars", bars.len() * STEP);
    for (place, bar) in bars.iter().enumerate() {
        let top = place * STEP;
        put(&mut svg, format_args!("<text x=\"0\" y=\"{}\">{}</text>", top + 14, text(&bar.label)));
        put(
            &mut svg,
            format_args!(
                "<text class=\"value\" x=\"100%\" y=\"{}\" text-anchor=\"end\">{}</text>",
                top + 14,
                text(&bar.shown)
            ),
        );
        put(
            &mut svg,
            format_args!("<rect class=\"ground\" x=\"0\" y=\"{}\" width=\"100%\" height=\"12\" rx=\"3\"/>", top + 20),
        );
        put(
            &mut svg,
            format_args!(
                "<rect class=\"bar\" x=\"0\" y=\"{}\" width=\"{}%\" height=\"12\" rx=\"3\"/>",
                top + 20,
                share(bar.value, most)
            ),
        );
    }
    svg.push_str("</svg>");
    svg
}

/// Lines over days, told from one another by their marks and not by colour alone. `most` is the greatest value in words,
/// `first` and `last` the days at the ends.
pub fn lines(words: Words<'_>, lines: &[Line], most: &str, (first, last): (&str, &str)) -> String {
    let top = lines.iter().flat_map(|line| &line.values).copied().max().unwrap_or_default();
    let days = lines.iter().map(|line| line.values.len()).max().unwrap_or_default();
    let mut svg = open(words, "lines", ABOVE + HEIGHT + BELOW);
    let ground = ABOVE + HEIGHT;
    for level in [ABOVE, ABOVE + HEIGHT / 2, ground] {
        put(&mut svg, format_args!("<line class=\"grid\" x1=\"0\" y1=\"{level}\" x2=\"100%\" y2=\"{level}\"/>"));
    }
    put(&mut svg, format_args!("<text x=\"0\" y=\"{}\">{}</text>", ABOVE - 8, text(most)));
    put(&mut svg, format_args!("<text x=\"0\" y=\"{}\">{}</text>", ground + 18, text(first)));
    put(&mut svg, format_args!("<text x=\"100%\" y=\"{}\" text-anchor=\"end\">{}</text>", ground + 18, text(last)));
    for (number, line) in lines.iter().enumerate() {
        put(&mut svg, format_args!("<g class=\"line line-{}\">", number % 3));
        let point = |place: usize, value: i64| {
            // A month has 31 days and a share at most five digits.
            let across = if days > 1 { place * 9_600 / (days - 1) + 200 } else { 5_000 };
            let rise = share_in(value, top, HEIGHT);
            (format!("{}.{:02}%", across / 100, across % 100), ground.saturating_sub(rise))
        };
        let points: Vec<_> = line.values.iter().enumerate().map(|(place, value)| point(place, *value)).collect();
        for pair in points.windows(2) {
            let [(x1, y1), (x2, y2)] = pair else { continue };
            put(&mut svg, format_args!("<line x1=\"{x1}\" y1=\"{y1}\" x2=\"{x2}\" y2=\"{y2}\"/>"));
        }
        for ((x, y), value) in points.iter().zip(&line.values) {
            // A day on which nothing was is no mark.
            if *value == 0 {
                continue;
            }
            match number % 3 {
                0 => put(&mut svg, format_args!("<circle cx=\"{x}\" cy=\"{y}\" r=\"3.5\"/>")),
                _ => put(
                    &mut svg,
                    format_args!(
                        "<svg x=\"{x}\" y=\"{y}\" overflow=\"visible\"><rect x=\"-3.5\" y=\"-3.5\" width=\"7\" height=\"7\"/></svg>"
                    ),
                ),
            }
        }
        svg.push_str("</g>");
    }
    svg.push_str("</svg>");
    svg
}

/// The beginning, with the words for those who do not see it.
fn open(words: Words<'_>, class: &str, height: usize) -> String {
    let Words { id, title, description } = words;
    let mut svg = String::with_capacity(4096);
    put(
        &mut svg,
        format_args!(
            "<svg class=\"chart {class}\" width=\"100%\" height=\"{height}\" role=\"img\" aria-labelledby=\"{id}-title {id}-about\" \
             focusable=\"false\"><title id=\"{id}-title\">{}</title><desc id=\"{id}-about\">{}</desc>",
            text(title),
            super::html::escape(description)
        ),
    );
    svg
}

/// Writing to a text cannot fail.
fn put(svg: &mut String, what: std::fmt::Arguments<'_>) {
    let _ = svg.write_fmt(what);
}

/// A label that is what it seems: without what is not seen or turns text round, not too long, escaped.
fn text(label: &str) -> String {
    let seen = |character: &char| !matches!(character.general_category_group(), Group::Other);
    let mut label: Vec<char> = label.chars().filter(seen).take(LABEL + 1).collect();
    if label.len() > LABEL {
        label.truncate(LABEL - 1);
        label.push('…');
    }
    super::html::escape(&label.into_iter().collect::<String>())
}

/// In per cent with two digits behind the point.
fn share(value: i64, most: i64) -> String {
    let share = share_in(value, most, 10_000);
    // What is there is seen.
    let share = if value > 0 { share.max(40) } else { share };
    format!("{}.{:02}", share / 100, share % 100)
}

/// `value` as a part of `whole`, of which `most` is all.
fn share_in(value: i64, most: i64, whole: usize) -> usize {
    if most <= 0 {
        return 0;
    }
    let part = i128::from(value.clamp(0, most)) * i128::try_from(whole).unwrap_or_default() / i128::from(most);
    usize::try_from(part).unwrap_or(whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    const WORDS: Words<'static> = Words { id: "chart-x", title: "Tokens <b>", description: "\"Most\" & more" };

    fn bar(label: &str, value: i64) -> Bar {
        Bar { label: label.to_owned(), value, shown: value.to_string() }
    }

    /// Every element is closed, and none was put in by a label.
    fn elements(svg: &str) -> Vec<String> {
        let tree = scraper::Html::parse_fragment(svg);
        assert!(svg.starts_with("<svg ") && svg.ends_with("</svg>"), "{svg}");
        tree.root_element().descendent_elements().map(|element| element.value().name().to_owned()).collect()
    }

    #[test]
    fn bars_are_as_long_as_their_values() {
        let svg = bars(WORDS, &[bar("one", 200), bar("two", 50), bar("none", 0), bar("little", 1)]);
        for width in ["width=\"100.00%\"", "width=\"25.00%\"", "width=\"0.00%\"", "width=\"0.50%\""] {
            assert!(svg.contains(width), "{width}: {svg}");
        }
        assert!(svg.contains("role=\"img\" aria-labelledby=\"chart-x-title chart-x-about\""), "{svg}");
        assert!(svg.contains("<title id=\"chart-x-title\">Tokens &lt;b&gt;</title>"), "{svg}");
        assert!(svg.contains("&quot;Most&quot; &amp; more"), "{svg}");
        assert!(bars(WORDS, &[]).ends_with("</svg>"));
        assert!(bars(WORDS, &[bar("all", i64::MAX), bar("less", i64::MIN)]).contains("width=\"100.00%\""));
    }

    #[test]
    fn labels_are_data() {
        let hostile = "</text><script>alert(1)</script>\u{202e}\u{200b}\u{1b}[31m";
        let svg = bars(WORDS, &[bar(hostile, 1), bar(&"x".repeat(500), 1)]);
        assert!(!elements(&svg).contains(&"script".to_owned()), "{svg}");
        assert!(!svg.contains(['\u{202e}', '\u{200b}', '\u{1b}']), "{svg}");
        assert!(svg.contains(&format!("{}…<", "x".repeat(LABEL - 1))), "{svg}");
    }

    #[test]
    fn lines_stay_within_their_ground() {
        let line = |values: &[i64]| Line { name: "n".into(), values: values.to_vec() };
        let svg = lines(WORDS, &[line(&[0, 5, 10]), line(&[1, 0, 0])], "10", ("1 Jan", "3 Jan"));
        assert!(svg.contains("<line x1=\"2.00%\" y1=\"188\" x2=\"50.00%\" y2=\"108\"/>"), "{svg}");
        assert!(svg.contains("<circle cx=\"98.00%\" cy=\"28\""), "{svg}");
        assert_eq!(elements(&svg).iter().filter(|name| *name == "circle").count(), 2, "{svg}");
        for values in [&[][..], &[7], &[i64::MAX, 0], &[0, 0]] {
            assert!(lines(WORDS, &[line(values)], "", ("", "")).ends_with("</svg>"));
        }
    }
}
