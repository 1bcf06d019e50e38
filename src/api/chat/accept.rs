//! In which form a caller wants to be answered.

use actix_web::http::header::{self, HeaderMap};

use crate::error::{Code, Result};

/// The forms of `/api/chat`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// One answer, when the turn has come to rest.
    Json,
    /// What happens, as it happens.
    Events,
    /// The reply's text as it comes.
    Text,
}

impl Form {
    /// In the order in which they are taken where a caller likes them equally.
    const ALL: [Self; 3] = [Self::Json, Self::Events, Self::Text];

    fn kind(self) -> (&'static str, &'static str) {
        match self {
            Self::Json => ("application", "json"),
            Self::Events => ("text", "event-stream"),
            Self::Text => ("text", "plain"),
        }
    }

    /// The form that a caller likes best (RFC 9110 § 12.5.1); without a word, JSON.
    ///
    /// # Errors
    /// `not_acceptable` if none of them will do.
    pub fn wanted(headers: &HeaderMap) -> Result<Self> {
        let ranges = ranges(headers);
        if ranges.is_empty() {
            return Ok(Self::Json);
        }
        let mut best: Option<(u16, Self)> = None;
        for form in Self::ALL {
            let weight = weight(&ranges, form);
            if weight > best.map_or(0, |(weight, _)| weight) {
                best = Some((weight, form));
            }
        }
        best.map(|(_, form)| form).ok_or_else(|| Code::NotAcceptable.into())
    }

    /// Whether a caller takes this form.
    ///
    /// # Errors
    /// `not_acceptable` if not.
    pub fn must_do(self, headers: &HeaderMap) -> Result<()> {
        let ranges = ranges(headers);
        if ranges.is_empty() || weight(&ranges, self) > 0 { Ok(()) } else { Err(Code::NotAcceptable.into()) }
    }
}

/// A range of media types, and its weight in thousandths.
struct Range {
    kind: String,
    of: String,
    weight: u16,
}

fn ranges(headers: &HeaderMap) -> Vec<Range> {
    let values = headers.get_all(header::ACCEPT).filter_map(|value| value.to_str().ok());
    let given: Vec<&str> =
        values.flat_map(|value| value.split(',')).map(str::trim).filter(|one| !one.is_empty()).collect();
    // What cannot be read is passed over: it names nothing that we have.
    given
        .into_iter()
        .map(|one| range(one).unwrap_or(Range { kind: String::new(), of: String::new(), weight: 0 }))
        .collect()
}

fn range(text: &str) -> Option<Range> {
    let mut parts = text.split(';').map(str::trim);
    let (kind, of) = parts.next()?.split_once('/')?;
    let quality = parts.find_map(|part| part.strip_prefix("q=").or_else(|| part.strip_prefix("Q=")));
    let weight = match quality {
        None => 1000,
        Some(number) => {
            let number = number.trim().parse::<f32>().ok().filter(|number| (0.0..=1.0).contains(number))?;
            (number * 1000.0).round() as u16
        }
    };
    Some(Range { kind: kind.trim().to_ascii_lowercase(), of: of.trim().to_ascii_lowercase(), weight })
}

/// The weight of a form: that of the range that names it most exactly.
fn weight(ranges: &[Range], form: Form) -> u16 {
    let (kind, of) = form.kind();
    let exactness = |range: &Range| match (range.kind.as_str(), range.of.as_str()) {
        (a, b) if a == kind && b == of => Some(2),
        (a, "*") if a == kind => Some(1),
        ("*", "*") => Some(0),
        _ => None,
    };
    let named = ranges.iter().filter_map(|range| Some((exactness(range)?, range.weight)));
    named.max().map_or(0, |(_, weight)| weight)
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::HeaderValue;

    use super::*;

    fn wanted(accept: &[&'static str]) -> Option<Form> {
        let mut headers = HeaderMap::new();
        accept.iter().for_each(|value| headers.append(header::ACCEPT, HeaderValue::from_static(value)));
        Form::wanted(&headers).ok()
    }

    #[test]
    fn the_best_form_is_taken() {
        for (accept, form) in [
            (&[][..], Some(Form::Json)),
            (&["*/*"], Some(Form::Json)),
            (&["application/json"], Some(Form::Json)),
            (&["application/*"], Some(Form::Json)),
            (&["Text/Event-Stream"], Some(Form::Events)),
            (&["text/plain; charset=utf-8"], Some(Form::Text)),
            (&["text/event-stream, application/json"], Some(Form::Json)),
            (&["text/event-stream, application/json;q=0.9"], Some(Form::Events)),
            (&["application/json;q=0.2", "text/plain;q=0.3"], Some(Form::Text)),
            (&["text/html, */*;q=0.1"], Some(Form::Json)),
            (&["application/json;q=0, */*"], Some(Form::Events)),
            (&["text/*;q=0.5, text/event-stream;q=0.1"], Some(Form::Text)),
            (&["text/html"], None),
            (&["application/json;q=0"], None),
            (&["*/*;q=0"], None),
            (&["nonsense"], None),
            (&["application/json;q=2"], None),
        ] {
            assert_eq!(wanted(accept), form, "{accept:?}");
        }
    }
}
