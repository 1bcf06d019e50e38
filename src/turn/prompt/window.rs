//! The window: the part of a conversation that a model is sent.
//!
//! It begins with a person's message and holds whole exchanges: that message and all that follows it up to the next.
//! So no tool call is parted from its result, and the running turn is always in it. Its beginning is kept with the
//! conversation and stays where it is as long as everything from there on fits: a prompt that begins alike each time
//! is what prompt caches live on. When it no longer fits, it moves to where three quarters are used, so that the next
//! move is a good while off; and when there is room for more than that (a larger model was chosen), back to it.

use crate::{
    db::Conn,
    error::Result,
    models::{conversation::Conversation, message},
    providers::estimate,
    types::{Block, Message, MessageRole, TurnId},
};

/// The most messages of a window when no setting says less. A turn has fewer: 25 model calls with 8 results each.
const MOST: usize = 1000;

/// How many earlier messages are read at once when there is room for more: more than a turn has.
const EARLIER: i64 = 250;

/// An image has a token for 750 pixels, up to this many, by Anthropic's rule; others count fewer.
const IMAGE: i64 = 4800;

/// What fits.
#[derive(Clone, Copy, Debug)]
pub(super) struct Room {
    tokens: i64,
    messages: usize,
    /// To how many messages a window is cut that has more.
    cut: usize,
}

impl Room {
    /// So many tokens, and as many messages as a setting says.
    pub(super) fn new(tokens: i64, messages: Option<usize>) -> Self {
        match messages {
            // The newest so many were asked for; that the beginning moves with each message is part of it.
            Some(messages) => Self { tokens, messages, cut: messages },
            None => Self { tokens, messages: MOST, cut: MOST / 4 * 3 },
        }
    }

    fn tokens_cut(self) -> i64 {
        self.tokens.saturating_mul(3) / 4
    }
}

/// A person's message and what follows it up to the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Exchange {
    begins: i64,
    tokens: i64,
    messages: usize,
}

/// Tokens with a factor for safety. The likely count takes four characters for a token. So it is with English prose;
/// code, German or Portuguese have about three, and newer tokenizers make up to a third more tokens of the same text.
/// One and a half times the count covers 2.7 characters a token. What is denser still (digits, base64) may pass the
/// window; then the provider says so.
pub(super) fn safe(tokens: i64) -> i64 {
    tokens.saturating_mul(3) / 2
}

fn tokens_of(content: &[Block]) -> i64 {
    let image = |block: &Block| match block {
        Block::Image { width, height, .. } => (i64::from(*width) * i64::from(*height) / 750).min(IMAGE),
        _ => 0,
    };
    safe(estimate::content(content)) + content.iter().map(image).sum::<i64>()
}

/// The exchanges that begin in these messages.
fn exchanges(messages: &[Message]) -> Vec<Exchange> {
    let mut found: Vec<Exchange> = Vec::new();
    for message in messages {
        if message.role == MessageRole::User {
            found.push(Exchange { begins: message.position, tokens: 0, messages: 0 });
        }
        if let Some(exchange) = found.last_mut() {
            exchange.tokens += tokens_of(&message.content);
            exchange.messages += 1;
        }
    }
    found
}

/// How many exchanges at the front no longer fit. The last one, the running turn, always stays.
fn to_drop(exchanges: &[Exchange], room: Room) -> usize {
    let mut tokens: i64 = exchanges.iter().map(|exchange| exchange.tokens).sum();
    let mut messages: usize = exchanges.iter().map(|exchange| exchange.messages).sum();
    let most_tokens = if tokens > room.tokens { room.tokens_cut() } else { room.tokens };
    let most_messages = if messages > room.messages { room.cut } else { room.messages };
    let mut dropped = 0;
    for exchange in exchanges.iter().take(exchanges.len().saturating_sub(1)) {
        if tokens <= most_tokens && messages <= most_messages {
            break;
        }
        tokens -= exchange.tokens;
        messages -= exchange.messages;
        dropped += 1;
    }
    dropped
}

/// How many of the earlier exchanges there is room for, the latest first, beside what is in the window already.
fn to_take_back(earlier: &[Exchange], inside: &[Exchange], room: Room) -> usize {
    let mut tokens: i64 = inside.iter().map(|exchange| exchange.tokens).sum();
    let mut messages: usize = inside.iter().map(|exchange| exchange.messages).sum();
    let fits = |exchange: &&Exchange| {
        tokens += exchange.tokens;
        messages += exchange.messages;
        tokens <= room.tokens_cut() && messages <= room.cut
    };
    earlier.iter().rev().take_while(fits).count()
}

/// Reads the window in which a turn runs. What is read grows with the window and not with the conversation.
///
/// # Errors
/// When the database does not answer.
pub(super) async fn read(
    conn: &mut Conn,
    conversation: &Conversation,
    turn: TurnId,
    room: Room,
) -> Result<(i64, Vec<Message>)> {
    let (tenant, id) = (conversation.tenant_id, conversation.id);
    let first = message::first_position(conn, tenant, turn).await?.unwrap_or(1);
    let from = conversation.window_begins.min(first);
    let limit = i64::try_from(room.messages.max(MOST)).unwrap_or(i64::MAX - 1) + 1;
    let mut messages = message::after(conn, tenant, id, from - 1, limit).await?;
    let mut inside = exchanges(&messages);
    let dropped = to_drop(&inside, room);
    inside.drain(..dropped);
    if dropped == 0 {
        take_back(conn, conversation, room, &mut inside, &mut messages).await?;
    }
    let begins = inside.first().map_or(from, |exchange| exchange.begins);
    messages.retain(|message| message.position >= begins);
    Ok((begins, messages))
}

/// Takes back earlier exchanges that there is room for.
async fn take_back(
    conn: &mut Conn,
    conversation: &Conversation,
    room: Room,
    inside: &mut Vec<Exchange>,
    messages: &mut Vec<Message>,
) -> Result<()> {
    loop {
        let begins = inside.first().map_or(1, |exchange| exchange.begins);
        // A look without anything to add tells whether there is room at all.
        let used: i64 = inside.iter().map(|exchange| exchange.tokens).sum();
        let count: usize = inside.iter().map(|exchange| exchange.messages).sum();
        if begins <= 1 || used >= room.tokens_cut() || count >= room.cut {
            return Ok(());
        }
        let mut earlier = message::page(conn, conversation.tenant_id, conversation.id, Some(begins), EARLIER).await?;
        let found = exchanges(&earlier);
        let taken = to_take_back(&found, inside, room);
        let is_whole = taken == found.len();
        let back: Vec<Exchange> = found.into_iter().rev().take(taken).rev().collect();
        let Some(first) = back.first() else { return Ok(()) };
        earlier.retain(|message| message.position >= first.begins);
        messages.splice(..0, earlier);
        inside.splice(..0, back);
        if !is_whole {
            return Ok(());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exchange(begins: i64, tokens: i64, messages: usize) -> Exchange {
        Exchange { begins, tokens, messages }
    }

    /// Exchanges of two messages each.
    fn talk(tokens: &[i64]) -> Vec<Exchange> {
        (0..).zip(tokens).map(|(n, tokens)| exchange(2 * n + 1, *tokens, 2)).collect()
    }

    #[test]
    fn what_fits_stays_and_what_does_not_is_cut_to_three_quarters() {
        let room = Room::new(100, None);
        for (tokens, dropped) in [
            (&[40, 40, 20][..], 0),
            (&[40, 40, 21], 1),
            (&[10, 10, 10, 10, 61], 3),
            (&[1, 1, 500], 2),
            (&[500], 0),
            (&[], 0),
        ] {
            assert_eq!(to_drop(&talk(tokens), room), dropped, "{tokens:?}");
        }
        assert_eq!(to_drop(&talk(&[1, 1, 1]), Room::new(-5, None)), 2, "the running turn is always sent");
    }

    #[test]
    fn messages_are_counted_too() {
        assert_eq!(to_drop(&talk(&[1, 1, 1]), Room::new(100, Some(4))), 1);
        assert_eq!(to_drop(&talk(&[1, 1, 1]), Room::new(100, Some(5))), 1);
        assert_eq!(to_drop(&talk(&[1, 1, 1]), Room::new(100, Some(6))), 0);
        assert_eq!(to_drop(&talk(&[1, 1, 1]), Room::new(100, Some(1))), 2, "the running turn is always whole");
        let many = talk(&vec![0; 501]);
        assert_eq!(to_drop(&many, Room::new(100, None)), 126, "1,002 messages are cut to 750");
    }

    #[test]
    fn there_is_a_way_back_up_to_three_quarters() {
        let (earlier, inside) = (talk(&[30, 10, 20]), talk(&[20]));
        for (tokens, taken) in [(40, 0), (54, 1), (67, 2), (107, 3), (10, 0)] {
            assert_eq!(to_take_back(&earlier, &inside, Room::new(tokens, None)), taken, "{tokens}");
        }
        assert_eq!(to_take_back(&earlier, &inside, Room::new(1000, Some(5))), 1);
    }

    /// However a conversation grows, its beginning moves seldom, never to and fro, and what is sent fits.
    #[test]
    fn the_beginning_does_not_creep() {
        let room = Room::new(1000, None);
        let sizes: Vec<i64> = (0..400).map(|n| 3 + (n * 37) % 50).collect();
        let all = talk(&sizes);
        let (mut begins, mut moves) = (0, 0);
        for end in 1..=all.len() {
            let inside = &all[begins..end];
            let dropped = to_drop(inside, room);
            let back = if dropped == 0 { to_take_back(&all[..begins], inside, room) } else { 0 };
            assert_eq!(back, 0, "there was no larger model");
            if dropped > 0 {
                moves += 1;
                begins += dropped;
            }
            assert!(all[begins..end].iter().map(|exchange| exchange.tokens).sum::<i64>() <= room.tokens);
        }
        assert!((10..60).contains(&moves), "{moves} moves in 400 exchanges");
    }

    #[test]
    fn images_count_by_their_size() {
        let image = |width, height| Block::Image {
            number: 1,
            media_type: "image/png".into(),
            name: String::new(),
            width,
            height,
        };
        let plain = tokens_of(&[]);
        assert_eq!(tokens_of(&[image(750, 1000)]), plain + 1000);
        assert_eq!(tokens_of(&[image(20_000, 20_000)]), plain + IMAGE);
    }
}
