//! What the list shows, from the log and the outbox: pure, so that order, doubles and
//! groups are tested here.

use crate::{
    domain::{
        chat::{EndedBy, PublicEvent},
        ids::ClientId,
        time::Timestamp,
    },
    protocol::{Marks, PublicLogged},
    ui::live::{
        outbox::{Entry, Sending},
        stream::group,
    },
};

/// What a row is recognised by while its content changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Key {
    /// Of the page's n-th chat.
    Logged(u32, u64),
    /// The customer's own message, before and after it is in the log.
    Own(ClientId),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    pub key: Key,
    pub at: Timestamp,
    /// The first of its day: a divider stands above it.
    pub new_day: bool,
    pub what: What,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    Message(Message),
    Happened(Happened),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    pub mine: bool,
    pub text: String,
    /// The name of who wrote it; none: the service's.
    pub nickname: Option<String>,
    /// Its files, as the server has drawn them.
    pub html: Option<String>,
    /// Public sequence; none while the server does not have it.
    pub seq: Option<u64>,
    pub state: State,
    /// Whether the state is said in words under it.
    pub tells: bool,
    pub first: bool,
    pub last: bool,
}

/// A message's way, in the sender's eyes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// The other side's.
    Received,
    Sending,
    Queued,
    Sent,
    Delivered,
    Seen,
    Failed,
}

impl State {
    /// Value of `data-state`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::Sending => "sending",
            Self::Queued => "queued",
            Self::Sent => "sent",
            Self::Delivered => "delivered",
            Self::Seen => "seen",
            Self::Failed => "failed",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Happened {
    Intake,
    Started,
    YouEnded,
    Returned,
    Ended,
}

/// The rows: the log in its order, then what is on its way. `day` numbers local days;
/// `None` while the zone is unknown (on the server). `turn` counts the chats of this page.
pub fn rows(
    turn: u32,
    log: &[PublicLogged],
    entries: &[Entry],
    stuck: bool,
    desk: Marks,
    day: impl Fn(Timestamp) -> Option<i64>,
) -> Vec<Row> {
    let logged = log.iter().map(|logged| {
        let what = match &logged.event {
            PublicEvent::Message { mine, text, nickname } => {
                let state = if !mine {
                    State::Received
                } else if logged.seq <= desk.seen {
                    State::Seen
                } else if logged.seq <= desk.delivered {
                    State::Delivered
                } else {
                    State::Sent
                };
                message(*mine, text, nickname.clone(), logged.html.clone(), Some(logged.seq), state)
            }
            PublicEvent::Intake => What::Happened(Happened::Intake),
            PublicEvent::Started => What::Happened(Happened::Started),
            PublicEvent::CustomerEnded | PublicEvent::Ended { by: EndedBy::Customer } => What::Happened(Happened::YouEnded),
            PublicEvent::CustomerReturned => What::Happened(Happened::Returned),
            PublicEvent::Ended { .. } => What::Happened(Happened::Ended),
        };
        Row { key: logged.client_id.map_or(Key::Logged(turn, logged.seq), Key::Own), at: logged.at, new_day: false, what }
    });
    let known = |id: ClientId| log.iter().rev().any(|logged| logged.client_id == Some(id));
    let pending = entries.iter().filter(|entry| !known(entry.id)).map(|entry| {
        let state = match entry.sending(stuck) {
            Sending::Now => State::Sending,
            Sending::Queued => State::Queued,
            Sending::Sent => State::Sent,
            Sending::Failed => State::Failed,
        };
        let seq = entry.sent.map(|sent| sent.seq);
        Row { key: Key::Own(entry.id), at: entry.at, new_day: false, what: message(true, &entry.text, None, None, seq, state) }
    });
    let mut rows: Vec<Row> = logged.chain(pending).collect();

    let mut today = None;
    for row in &mut rows {
        let this = day(row.at);
        row.new_day = this.is_some() && this != today;
        today = this;
    }
    let lines: Vec<_> = rows
        .iter()
        .map(|row| match &row.what {
            // A failed message stands alone, with its own buttons.
            What::Message(m) => Some(((m.mine, &m.nickname, m.state == State::Failed, day(row.at)), row.at)),
            What::Happened(_) => None,
        })
        .collect();
    let places = group(&lines);
    let mut last_own = true;
    for (row, place) in rows.iter_mut().zip(places).rev() {
        if let What::Message(m) = &mut row.what {
            (m.first, m.last) = (place.first, place.last);
            m.tells = m.mine && (m.state == State::Failed || last_own && m.last);
            last_own &= !m.mine || m.state == State::Failed;
        }
    }
    rows
}

fn message(mine: bool, text: &str, nickname: Option<String>, html: Option<String>, seq: Option<u64>, state: State) -> What {
    What::Message(Message { mine, text: text.to_owned(), nickname, html, seq, state, tells: false, first: false, last: false })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::{ids::ChatId, time::DAY},
        protocol::Sent,
    };
    use uuid::Uuid;

    fn id(n: u64) -> ClientId {
        ClientId(Uuid::from_u128(n.into()))
    }

    fn said(seq: u64, mine: bool) -> PublicLogged {
        let event = PublicEvent::Message { mine, text: format!("#{seq}"), nickname: None };
        PublicLogged { seq, at: Timestamp(0), client_id: mine.then(|| id(seq)), event, html: None }
    }

    fn entry(n: u64) -> Entry {
        Entry { id: id(n), chat: None, text: format!("#{n}"), at: Timestamp(0), order: n, failed: None, sent: None }
    }

    fn sent(n: u64) -> Entry {
        Entry { sent: Some(Sent { chat: ChatId(Uuid::nil()), seq: n, at: Timestamp(0) }), ..entry(n) }
    }

    fn shown(rows: &[Row]) -> Vec<(&str, &str, bool)> {
        rows.iter()
            .filter_map(|row| match &row.what {
                What::Message(m) => Some((m.text.as_str(), m.state.name(), m.tells)),
                What::Happened(_) => None,
            })
            .collect()
    }

    #[test]
    fn no_message_stands_twice_whether_answer_or_event_came_first() {
        let rows = rows(0, &[said(2, true), said(3, true)], &[entry(2), sent(3), sent(4), entry(5)], false, Marks::default(), |_| None);
        assert_eq!(shown(&rows), [("#2", "sent", false), ("#3", "sent", false), ("#4", "sent", false), ("#5", "sending", true)]);
    }

    #[test]
    fn the_row_of_an_own_message_keeps_its_key_on_its_way_into_the_log() {
        let before = rows(0, &[], &[entry(2)], false, Marks::default(), |_| None);
        let after = rows(0, &[said(2, true)], &[], false, Marks::default(), |_| None);
        assert_eq!(before[0].key, after[0].key);
    }

    #[test]
    fn the_last_own_message_tells_how_far_it_got() {
        let log = [said(1, true), said(2, true), said(3, false)];
        let told = |desk| rows(0, &log, &[], false, desk, |_| None);
        let half = told(Marks { delivered: 1, seen: 0 });
        assert_eq!(shown(&half), [("#1", "delivered", false), ("#2", "sent", true), ("#3", "received", false)]);
        let all = told(Marks { delivered: 2, seen: 2 });
        assert_eq!(shown(&all), [("#1", "seen", false), ("#2", "seen", true), ("#3", "received", false)]);
    }

    #[test]
    fn a_failed_message_says_so_and_the_last_good_one_still_tells() {
        let failed = Entry { failed: Some("refused".into()), ..entry(4) };
        let rows = rows(0, &[said(3, true)], &[failed, entry(5)], true, Marks::default(), |_| None);
        assert_eq!(shown(&rows), [("#3", "sent", false), ("#4", "failed", true), ("#5", "queued", true)]);
    }

    #[test]
    fn another_name_begins_a_run_of_its_own() {
        let named = |seq, name: Option<&str>| {
            let event = PublicEvent::Message { mine: false, text: format!("#{seq}"), nickname: name.map(str::to_owned) };
            PublicLogged { event, ..said(seq, false) }
        };
        let log = [named(1, None), named(2, Some("다정이")), named(3, Some("다정이")), named(4, Some("씩씩이")), named(5, None)];
        let runs: Vec<_> = rows(0, &log, &[], false, Marks::default(), |_| None)
            .into_iter()
            .filter_map(|row| if let What::Message(m) = row.what { Some((m.nickname, m.first, m.last)) } else { None })
            .collect();
        let run = |name: Option<&str>, first, last| (name.map(str::to_owned), first, last);
        assert_eq!(
            runs,
            [
                run(None, true, true),
                run(Some("다정이"), true, false),
                run(Some("다정이"), false, true),
                run(Some("씩씩이"), true, true),
                run(None, true, true)
            ]
        );
    }

    #[test]
    fn a_day_begins_with_a_divider_once_the_zone_is_known() {
        let mut late = said(2, false);
        late.at = Timestamp(DAY);
        let log = [said(1, false), late];
        let days = |known: bool| {
            rows(0, &log, &[], false, Marks::default(), |at| known.then_some(at.0 / DAY)).iter().map(|r| r.new_day).collect::<Vec<_>>()
        };
        assert_eq!(days(true), [true, true]);
        assert_eq!(days(false), [false, false]);
    }
}
