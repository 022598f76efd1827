//! Who is offered a waiting chat (G16–G18): a pure function of what is so now, with its
//! reasons, so that "why me?" and "why nobody?" always have an answer (E2).

use super::{
    chat::{Offer, OfferEnd},
    ids::{AccountId, ChatId, QueueId},
    settings::RoutingMode,
    time::{SECOND, Timestamp},
};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeSet, HashMap, HashSet};

/// So many offers that nobody took, one after the other, and the agent is on 휴식 (G17).
pub const MISSES_MAX: u32 = 3;

/// Everything of a service that decides.
#[derive(Clone, Debug)]
pub struct Snapshot {
    pub now: Timestamp,
    pub mode: RoutingMode,
    /// An offer that is not taken goes on after so long, in milliseconds.
    pub offer_time: i64,
    /// An offer to somebody whose line is gone goes on after so long, in milliseconds (G12).
    pub gone_time: i64,
    /// In the order in which they shall be answered.
    pub waiting: Vec<Waiting>,
    pub agents: Vec<Candidate>,
}

/// A chat that nobody has started.
#[derive(Clone, Debug)]
pub struct Waiting {
    pub chat: ChatId,
    pub queue: QueueId,
    /// Active, and open now.
    pub queue_open: bool,
    pub offer: Option<Offer>,
    /// Who is never offered it: he has given it to his own queue (G7).
    pub excluded: BTreeSet<AccountId>,
    /// The agent of the customer's last 처리 chat, where that counts (A17, G18).
    pub recent: Option<AccountId>,
    /// Who has not taken it before, the latest last.
    pub missed: Vec<AccountId>,
}

/// An agent with the chat right and a seat in a queue.
#[derive(Clone, Debug)]
pub struct Candidate {
    pub account: AccountId,
    pub queues: BTreeSet<QueueId>,
    pub there: There,
    /// Chats in hand that count (G17), without offers.
    pub load: u32,
    /// Chats at once, 0–20.
    pub capacity: u32,
    /// Since when he has had nothing new.
    pub idle_since: Timestamp,
    /// Offers that he let pass, one after the other.
    pub misses: u32,
}

/// Whether chats may come to an agent (G12).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum There {
    /// 온라인, allocated, and his console is open.
    Present,
    /// All of that, but his line is gone since then.
    Gone { since: Timestamp },
    /// 휴식, 오프라인, or his 채팅 할당 is off.
    Away,
}

/// Why a chat was offered to somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Why {
    pub by: By,
    /// Chats in hand and offered when it came to him, and how many he takes at once.
    pub load: u32,
    pub capacity: u32,
    /// How many agents could have taken it.
    pub of: u32,
}

/// What decided among those who could have taken it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum By {
    /// 최근 상담원 우선 (A17)
    Recent,
    /// Nobody else could.
    Only,
    LeastLoaded,
    LongestIdle,
    /// It was his by hand: given back to him (G28).
    Returned,
}

/// Why a chat is offered to nobody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum WhyNobody {
    /// 선착순: everybody in the queue may start it.
    FirstCome,
    /// The queue is off, or outside its hours.
    QueueShut,
    /// Of the queue's agents nobody could take it.
    Nobody(Tally),
}

/// What keeps a queue's agents from a chat; each is counted once, under the first that holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// Agents with a seat in the queue.
    pub members: u32,
    /// 휴식, 오프라인 or without 할당.
    pub away: u32,
    /// 온라인, but no console is open.
    pub gone: u32,
    /// Gave it to their own queue (G7).
    pub excluded: u32,
    /// As many chats as they take at once.
    pub full: u32,
    /// Another chat is offered to them.
    pub offered: u32,
}

/// What changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    Offer {
        chat: ChatId,
        to: AccountId,
        why: Why,
    },
    Withdraw {
        chat: ChatId,
        from: AccountId,
        how: OfferEnd,
    },
    /// Too many offers let pass: 휴식, and he is told why (G17).
    Rest {
        agent: AccountId,
    },
}

impl Act {
    /// The chat that it changes.
    #[must_use]
    pub fn chat(&self) -> Option<ChatId> {
        match self {
            Self::Offer { chat, .. } | Self::Withdraw { chat, .. } => Some(*chat),
            Self::Rest { .. } => None,
        }
    }
}

/// What is to be done now, why the others wait, and when to look again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Decision {
    pub acts: Vec<Act>,
    pub waits: Vec<(ChatId, WhyNobody)>,
    /// Without any change until then; none: nothing changes by itself.
    pub recheck_at: Option<Timestamp>,
}

/// Decides for all waiting chats of a service.
#[must_use]
pub fn route(snapshot: &Snapshot) -> Decision {
    let mut desk = Desk::of(snapshot);
    let mut out = Decision::default();
    let offers: Vec<_> = snapshot.waiting.iter().map(|waiting| desk.look_at_offer(waiting, &mut out)).collect();
    for (waiting, offered) in snapshot.waiting.iter().zip(offers) {
        if offered {
            continue;
        }
        let found = if snapshot.mode == RoutingMode::Open {
            Err(WhyNobody::FirstCome)
        } else if waiting.queue_open {
            desk.choose(waiting)
        } else {
            Err(WhyNobody::QueueShut)
        };
        match found {
            Ok((to, why)) => {
                desk.open.insert(to);
                out.acts.push(Act::Offer { chat: waiting.chat, to, why });
                out.soon(snapshot.now.plus(snapshot.offer_time));
            }
            Err(why) => out.waits.push((waiting.chat, why)),
        }
    }
    out
}

impl Decision {
    fn soon(&mut self, at: Timestamp) {
        self.recheck_at = Some(self.recheck_at.map_or(at, |before| before.min(at)));
    }
}

/// The agents while a decision is made.
struct Desk<'a> {
    snapshot: &'a Snapshot,
    by_account: HashMap<AccountId, &'a Candidate>,
    /// To whom something is offered.
    open: HashSet<AccountId>,
    /// On 휴식 by this very decision.
    resting: HashSet<AccountId>,
    /// Who lets what pass just now.
    passed: HashMap<ChatId, AccountId>,
}

impl<'a> Desk<'a> {
    fn of(snapshot: &'a Snapshot) -> Self {
        let by_account = snapshot.agents.iter().map(|agent| (agent.account, agent)).collect();
        Self { snapshot, by_account, open: HashSet::new(), resting: HashSet::new(), passed: HashMap::new() }
    }

    /// Whether the chat's offer stands. One that does not is withdrawn.
    fn look_at_offer(&mut self, waiting: &Waiting, out: &mut Decision) -> bool {
        let Some(offer) = waiting.offer else { return false };
        let now = self.snapshot.now;
        let withdraw = |out: &mut Decision, how| {
            out.acts.push(Act::Withdraw { chat: waiting.chat, from: offer.agent, how });
            false
        };
        let agent = self.by_account.get(&offer.agent).copied().filter(|agent| agent.queues.contains(&waiting.queue));
        let Some(agent) = agent else { return withdraw(out, OfferEnd::Left) };
        if self.snapshot.mode == RoutingMode::Open || !waiting.queue_open || self.resting.contains(&offer.agent) {
            return withdraw(out, OfferEnd::Left);
        }
        // Given back to him by hand while another was offered to him: one at a time.
        if self.open.contains(&offer.agent) {
            return withdraw(out, OfferEnd::Left);
        }
        match agent.there {
            There::Away => return withdraw(out, OfferEnd::Left),
            There::Gone { since } => {
                let until = since.plus(self.snapshot.gone_time);
                if until <= now {
                    return withdraw(out, OfferEnd::Gone);
                }
                out.soon(until);
                return self.open.insert(offer.agent);
            }
            There::Present => {}
        }
        let until = offer.at.plus(self.snapshot.offer_time);
        if until > now {
            out.soon(until);
            return self.open.insert(offer.agent);
        }
        // Not taken in time. A third time, and he is not there whatever he says.
        if agent.misses + 1 >= MISSES_MAX {
            self.resting.insert(agent.account);
            out.acts.push(Act::Rest { agent: agent.account });
        }
        self.passed.insert(waiting.chat, agent.account);
        withdraw(out, OfferEnd::Missed)
    }

    /// Who is offered the chat: the recent agent, then the least loaded, then who has been
    /// idle for longest; before all of them whoever has not let it pass already.
    fn choose(&self, waiting: &Waiting) -> Result<(AccountId, Why), WhyNobody> {
        let mut tally = Tally::default();
        let mut free: Vec<&Candidate> = Vec::new();
        for agent in self.snapshot.agents.iter().filter(|agent| agent.queues.contains(&waiting.queue)) {
            tally.members += 1;
            let away = agent.there == There::Away || self.resting.contains(&agent.account);
            let obstacle = match agent.there {
                _ if away => Some(&mut tally.away),
                There::Gone { .. } => Some(&mut tally.gone),
                _ if waiting.excluded.contains(&agent.account) => Some(&mut tally.excluded),
                _ if agent.load >= agent.capacity => Some(&mut tally.full),
                _ if self.open.contains(&agent.account) => Some(&mut tally.offered),
                _ => None,
            };
            match obstacle {
                Some(count) => *count += 1,
                None => free.push(agent),
            }
        }
        let now = self.passed.get(&waiting.chat);
        let passed = |agent: &Candidate| match waiting.missed.iter().rposition(|missed| *missed == agent.account) {
            _ if now == Some(&agent.account) => usize::MAX,
            at => at.map_or(0, |at| at + 1),
        };
        free.sort_by_key(|agent| (passed(agent), agent.load, agent.idle_since, agent.account));
        let of = u32::try_from(free.len()).unwrap_or(u32::MAX);
        let recent = free.iter().find(|agent| Some(agent.account) == waiting.recent && passed(agent) == 0);
        let (chosen, by) = match (recent, free.as_slice()) {
            (Some(recent), _) => (*recent, By::Recent),
            (None, []) => return Err(WhyNobody::Nobody(tally)),
            (None, [only]) => (*only, By::Only),
            (None, [first, second, ..]) if passed(first) == passed(second) && first.load == second.load => (*first, By::LongestIdle),
            (None, [first, ..]) => (*first, By::LeastLoaded),
        };
        Ok((chosen.account, Why { by, load: chosen.load, capacity: chosen.capacity, of }))
    }
}

/// For the settings' seconds.
#[must_use]
pub fn seconds(of: u16) -> i64 {
    i64::from(of) * SECOND
}

#[cfg(test)]
mod tests;
