//! Tickets (PRODUCT §4.5, G1): what there is to do for a customer beyond the chat.

use super::{
    chat::Event,
    ids::{AccountId, TagId},
    settings::{Why, Wrong},
    text::{self, TextProblem},
    time::Timestamp,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The longest subject, in characters.
pub const SUBJECT_MAX: usize = 150;
/// The longest description, in characters.
pub const DESCRIPTION_MAX: usize = 8_000;
/// The longest name of a tag, in characters.
pub const TAG_NAME_MAX: usize = 30;
/// The most tags of a service.
pub const TAGS_MAX: usize = 300;
/// The most tickets of one chat.
pub const TICKETS_MAX: usize = 20;
/// The tag that every ticket of a chat carries, in all languages (A57).
pub const CHAT_TAG: &str = "Chat";

/// Where a ticket stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// 미할당: nobody's yet.
    New,
    /// 처리중
    Open,
    /// 보류중
    Reply,
    /// 해결
    Solved,
    /// 완료: over, and never changed again.
    Closed,
}

impl Status {
    pub const ALL: [Self; 5] = [Self::New, Self::Open, Self::Reply, Self::Solved, Self::Closed];

    /// The name under which it is stored.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Open => "open",
            Self::Reply => "reply",
            Self::Solved => "solved",
            Self::Closed => "closed",
        }
    }

    /// The status stored under `code`.
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.code() == code)
    }

    /// Whether there is still something to do.
    #[must_use]
    pub fn is_open(self) -> bool {
        matches!(self, Self::New | Self::Open | Self::Reply)
    }

    /// Whether a person may bring a ticket from here to `to`: 완료 comes after 해결 and is an
    /// admin's word.
    #[must_use]
    pub fn may_become(self, to: Self, admin: bool) -> bool {
        match (self, to) {
            (Self::Closed, _) => false,
            (from, Self::Closed) => from == Self::Solved && admin,
            _ => true,
        }
    }

    /// 미할당 is what nobody has, and nothing else: it becomes 처리중 with an assignee, and
    /// 처리중 without one is 미할당 again.
    #[must_use]
    pub fn with(self, assignee: Option<AccountId>) -> Self {
        match (self, assignee) {
            (Self::New, Some(_)) => Self::Open,
            (Self::Open, None) => Self::New,
            (other, _) => other,
        }
    }
}

/// 우선순위
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Priority {
    Low,
    #[default]
    Normal,
    High,
    Urgent,
}

impl Priority {
    pub const ALL: [Self; 4] = [Self::Low, Self::Normal, Self::High, Self::Urgent];

    /// The name under which it is stored.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Normal => "normal",
            Self::High => "high",
            Self::Urgent => "urgent",
        }
    }

    /// The priority stored under `code`.
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|priority| priority.code() == code)
    }
}

/// What people write of a ticket and save as one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fields {
    pub subject: String,
    pub description: String,
    pub status: Status,
    pub priority: Priority,
    pub assignee: Option<AccountId>,
    pub tags: BTreeSet<TagId>,
}

impl Fields {
    /// Cleaned, its status in accord with its assignee. Who may be named and which tags there
    /// are is for the caller to know.
    ///
    /// # Errors
    /// The fields that are wrong.
    pub fn checked(self) -> Result<Self, Vec<Wrong>> {
        let mut wrong = Vec::new();
        let mut take = |field: &str, clean: Result<String, TextProblem>| {
            clean.unwrap_or_else(|problem| {
                wrong.push(Wrong { field: field.to_owned(), why: Why::Text(problem) });
                String::new()
            })
        };
        let some = |text: String| if text.is_empty() { Err(TextProblem::Empty) } else { Ok(text) };
        let subject = take("subject", text::name(&self.subject, SUBJECT_MAX).and_then(some));
        let description = take("description", text::block(&self.description, DESCRIPTION_MAX));
        if wrong.is_empty() { Ok(Self { subject, description, status: self.status.with(self.assignee), ..self }) } else { Err(wrong) }
    }
}

/// An entry of a ticket's log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Logged {
    pub at: Timestamp,
    /// None: the service itself.
    pub by: Option<AccountId>,
    pub change: Change,
}

/// What was done to a ticket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Change {
    Made,
    Subject {
        before: String,
        after: String,
    },
    Description {
        before: String,
        after: String,
    },
    Status {
        before: Status,
        after: Status,
    },
    Priority {
        before: Priority,
        after: Priority,
    },
    Assignee {
        before: Option<AccountId>,
        after: Option<AccountId>,
    },
    /// By their names of that time.
    Tags {
        added: Vec<String>,
        removed: Vec<String>,
    },
}

/// What differs from `before` to `after`; tags by the names that `name_of` knows.
#[must_use]
pub fn changes(before: &Fields, after: &Fields, name_of: impl Fn(TagId) -> String) -> Vec<Change> {
    let mut out = Vec::new();
    if before.subject != after.subject {
        out.push(Change::Subject { before: before.subject.clone(), after: after.subject.clone() });
    }
    if before.description != after.description {
        out.push(Change::Description { before: before.description.clone(), after: after.description.clone() });
    }
    if before.status != after.status {
        out.push(Change::Status { before: before.status, after: after.status });
    }
    if before.priority != after.priority {
        out.push(Change::Priority { before: before.priority, after: after.priority });
    }
    if before.assignee != after.assignee {
        out.push(Change::Assignee { before: before.assignee, after: after.assignee });
    }
    let names = |one: &Fields, other: &Fields| one.tags.difference(&other.tags).map(|tag| name_of(*tag)).collect::<Vec<_>>();
    let (added, removed) = (names(after, before), names(before, after));
    if !(added.is_empty() && removed.is_empty()) {
        out.push(Change::Tags { added, removed });
    }
    out
}

/// 채팅 티켓 담당자 (G1, A83, A84): an agent's own setting, to whom the tickets of his chats go.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "to", content = "agent", rename_all = "snake_case")]
pub enum Assign {
    #[default]
    Me,
    Agent(AccountId),
    Nobody,
}

impl Assign {
    /// To whom a ticket of `me`'s goes, if he may have one.
    #[must_use]
    pub fn of(self, me: AccountId, may_have: impl Fn(AccountId) -> bool) -> Option<AccountId> {
        let to = match self {
            Self::Me => me,
            Self::Agent(agent) => agent,
            Self::Nobody => return None,
        };
        may_have(to).then_some(to)
    }
}

/// What an event of a chat means for its tickets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// 상담 시작 by this agent: a ticket is made, if the service says so (A42).
    Begins(AccountId),
    /// The chat is this agent's from here on, and the ticket that follows it, too (G1).
    Goes(AccountId),
}

/// The step that `event` is.
#[must_use]
pub fn step(event: &Event) -> Option<Step> {
    match event {
        Event::Started { agent } => Some(Step::Begins(*agent)),
        Event::Resumed { agent } | Event::Delegated { to: agent, .. } | Event::Returned { to: agent, .. } => Some(Step::Goes(*agent)),
        Event::HandedOver { to: agent, .. } => Some(Step::Goes(*agent)),
        _ => None,
    }
}

/// A tag's name, cleaned.
///
/// # Errors
/// Empty or too long.
pub fn tag_name(raw: &str) -> Result<String, TextProblem> {
    let name = text::name(raw, TAG_NAME_MAX)?;
    if name.is_empty() { Err(TextProblem::Empty) } else { Ok(name) }
}

/// By which tags are told apart: case makes no difference.
#[must_use]
pub fn tag_key(name: &str) -> String {
    name.to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use uuid::Uuid;

    fn account(n: u128) -> AccountId {
        AccountId(Uuid::from_u128(n))
    }

    fn tag(n: u128) -> TagId {
        TagId(Uuid::from_u128(n))
    }

    fn fields() -> Fields {
        Fields {
            subject: "환불".into(),
            description: String::new(),
            status: Status::New,
            priority: Priority::Normal,
            assignee: None,
            tags: BTreeSet::from([tag(1)]),
        }
    }

    #[test]
    fn codes_are_read_back() {
        for status in Status::ALL {
            assert_eq!(Status::parse(status.code()), Some(status));
        }
        for priority in Priority::ALL {
            assert_eq!(Priority::parse(priority.code()), Some(priority));
        }
        assert_eq!((Status::parse("x"), Priority::parse("")), (None, None));
    }

    #[test]
    fn over_is_an_admins_word_after_solved_and_final() {
        for from in Status::ALL {
            assert!(!Status::Closed.may_become(from, true), "{from:?}");
            assert_eq!(from.may_become(Status::Closed, true), from == Status::Solved, "{from:?}");
            assert!(!from.may_become(Status::Closed, false), "{from:?}");
        }
        assert!(Status::Solved.may_become(Status::Open, false), "taken up again");
    }

    #[test]
    fn unassigned_is_what_nobody_has() {
        assert_eq!(Fields { assignee: Some(account(1)), ..fields() }.checked().map(|f| f.status), Ok(Status::Open));
        assert_eq!(Fields { status: Status::Open, ..fields() }.checked().map(|f| f.status), Ok(Status::New));
        assert_eq!(Fields { status: Status::Solved, ..fields() }.checked().map(|f| f.status), Ok(Status::Solved));
    }

    #[test]
    fn a_subject_is_needed_and_nothing_is_too_long() {
        let bad = Fields { subject: " \u{202e}".into(), description: "x".repeat(DESCRIPTION_MAX + 1), ..fields() };
        let wrong: Vec<_> = bad.checked().unwrap_err().into_iter().map(|w| (w.field, w.why)).collect();
        assert_eq!(
            wrong,
            [("subject".to_owned(), Why::Text(TextProblem::Empty)), ("description".to_owned(), Why::Text(TextProblem::TooLong))]
        );
    }

    #[test]
    fn a_ticket_goes_where_its_agent_has_said_if_that_one_may_have_it() {
        let (me, other) = (account(1), account(2));
        assert_eq!(Assign::Me.of(me, |_| true), Some(me));
        assert_eq!(Assign::Agent(other).of(me, |_| true), Some(other));
        assert_eq!(Assign::Agent(other).of(me, |agent| agent == me), None, "he has no right to tickets");
        assert_eq!(Assign::Nobody.of(me, |_| true), None);
    }

    #[test]
    fn a_ticket_begins_with_the_start_and_follows_the_chat() {
        let (me, other) = (account(1), account(2));
        assert_eq!(step(&Event::Started { agent: me }), Some(Step::Begins(me)));
        assert_eq!(step(&Event::Delegated { from: me, to: other }), Some(Step::Goes(other)));
        assert_eq!(step(&Event::Returned { agent: other, to: me, late: false }), Some(Step::Goes(me)));
        assert_eq!(step(&Event::HandedOver { from: me, to: other }), Some(Step::Goes(other)));
        assert_eq!(step(&Event::Parked { agent: me }), None);
    }

    proptest! {
        /// The log says everything that changed, and nothing that did not.
        #[test]
        fn every_difference_is_logged_once(subject in 0..2_u8, description in 0..2_u8, status in 0..5_usize, priority in 0..4_usize, assignee in proptest::option::of(1..3_u128), tags in proptest::collection::btree_set(1..4_u128, 0..3)) {
            let before = fields();
            let after = Fields {
                subject: if subject == 0 { before.subject.clone() } else { "교환".into() },
                description: if description == 0 { String::new() } else { "상자가 찢어짐".into() },
                status: Status::ALL[status],
                priority: Priority::ALL[priority],
                assignee: assignee.map(account),
                tags: tags.into_iter().map(tag).collect(),
            };
            let told = changes(&before, &after, |tag| tag.to_string());
            let mut rebuilt = before;
            for change in &told {
                match change {
                    Change::Made => prop_assert!(false, "nothing was made"),
                    Change::Subject { after, .. } => rebuilt.subject.clone_from(after),
                    Change::Description { after, .. } => rebuilt.description.clone_from(after),
                    Change::Status { after, .. } => rebuilt.status = *after,
                    Change::Priority { after, .. } => rebuilt.priority = *after,
                    Change::Assignee { after, .. } => rebuilt.assignee = *after,
                    Change::Tags { added, removed } => {
                        rebuilt.tags.extend(added.iter().map(|tag| tag.parse::<TagId>().unwrap()));
                        rebuilt.tags.retain(|tag| !removed.contains(&tag.to_string()));
                    }
                }
            }
            prop_assert_eq!(&rebuilt, &after);
            prop_assert_eq!(changes(&rebuilt, &after, |tag| tag.to_string()), Vec::new());
        }
    }
}
