//! What time alone does to a chat (G12, G25, G28): a pure function of the chat, of who is
//! still there, and of the service's times.

use super::{
    chat::{Chat, Hold, LastWord, Requeued, State},
    ids::AccountId,
    settings::Routing,
    time::{MINUTE, SECOND, Timestamp},
};

/// So long a delegated chat waits for its receiver, in milliseconds (G28).
pub const RESUME_WITHIN: i64 = 180 * SECOND;

/// Who is still there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Gone {
    /// Since when the agent's line is gone.
    pub agent: Option<Timestamp>,
    /// Who delegated it is present, and can have it back.
    pub sender_there: bool,
    /// Whose chat it was before his line was gone is present again.
    pub back: Option<AccountId>,
    /// Since when no page of the customer's is open.
    pub customer: Option<Timestamp>,
}

/// What is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Due {
    /// To the agent who had it, and is back (G12).
    Restore(AccountId),
    /// To the front of its queue.
    Requeue(Requeued),
    /// Back to who delegated it, or to the queue if he is gone.
    GiveBack,
    /// "아직 계신가요?"
    Ask,
    /// The customer's side is over: 무응답.
    Silent,
    /// Over; without an answer it is 미처리.
    Close,
}

/// What is due now, else when something will be, as far as nothing happens until then.
///
/// # Errors
/// The next instant at which to look, if there is one.
pub fn due(chat: &Chat, gone: Gone, times: &Routing, now: Timestamp) -> Result<Due, Option<Timestamp>> {
    let minutes = |of: u16| i64::from(of) * MINUTE;
    let away = |since: Timestamp| gone.customer.map(|left| left.max(since).plus(minutes(times.away_end_minutes)));
    let requeue = |agent, since: Timestamp| {
        let lost = gone.agent.map(|gone| gone.max(since).plus(i64::from(times.gone_requeue_seconds) * SECOND));
        lost.map(|at| (at, Due::Requeue(Requeued::Gone(agent))))
    };
    let rules: [Option<(Timestamp, Due)>; 2] = match chat.state {
        State::Intake { since } | State::Waiting { since } => {
            [away(since).map(|at| (at, Due::Close)), gone.back.map(|agent| (since, Due::Restore(agent)))]
        }
        State::Held { agent, since, why } => {
            [requeue(agent, since), matches!(why, Hold::Delegated { .. }).then(|| (since.plus(RESUME_WITHIN), Due::GiveBack))]
        }
        State::Active { agent, since } => {
            let silence = match (chat.last_word, chat.asked_at) {
                (_, Some(asked)) => Some((asked.max(since).plus(minutes(times.idle_end_minutes)), Due::Silent)),
                (Some(LastWord { customer: false, at }), None) => Some((at.max(since).plus(minutes(times.idle_ask_minutes)), Due::Ask)),
                // The customer's word has no answer: that is not his silence.
                _ => None,
            };
            [requeue(agent, since), silence]
        }
        State::CustomerEnded { since, .. } => [Some((since.plus(minutes(times.ended_close_minutes)), Due::Close)), None],
        State::Ended { .. } => [None, None],
    };
    let next = rules.into_iter().flatten().min_by_key(|(at, _)| *at);
    match next {
        Some((at, what)) if at <= now => Ok(what),
        other => Err(other.map(|(at, _)| at)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        ids::{ChatId, QueueId, ServiceId, VisitorId},
        settings::RoutingMode::Open,
    };
    use uuid::Uuid;

    const KIM: AccountId = AccountId(Uuid::from_u128(1));
    const LEE: AccountId = AccountId(Uuid::from_u128(2));

    fn at(minutes: i64) -> Timestamp {
        Timestamp(minutes * MINUTE)
    }

    fn waiting() -> Chat {
        let id = Uuid::from_u128(9);
        let chat = Chat::intake(ChatId(id), ServiceId(id), QueueId(id), VisitorId(id), "안녕하세요".into(), at(0)).0;
        chat.customer_writes("계세요?", at(0)).unwrap().0
    }

    fn look(chat: &Chat, gone: Gone, minutes: i64) -> Result<Due, Option<Timestamp>> {
        due(chat, gone, &Routing::default(), at(minutes))
    }

    #[test]
    fn a_silent_customer_is_asked_once_and_then_his_side_is_over() {
        let chat = waiting().agent_writes(KIM, "네", Open, at(1)).unwrap().0;
        assert_eq!(look(&chat, Gone::default(), 10), Err(Some(at(11))));
        assert_eq!(look(&chat, Gone::default(), 11), Ok(Due::Ask));
        let chat = chat.asks("아직 계신가요?".into(), at(11)).unwrap().0;
        assert_eq!(look(&chat, Gone::default(), 20), Err(Some(at(21))));
        assert_eq!(look(&chat, Gone::default(), 21), Ok(Due::Silent));
        let back = chat.customer_writes("네 있어요", at(20)).unwrap().0;
        assert_eq!(look(&back, Gone::default(), 600), Err(None), "whose word has no answer is not silent");
    }

    #[test]
    fn what_the_customer_ended_is_closed_when_nobody_touches_it() {
        let chat = waiting().start(KIM, Open, at(1)).unwrap().0.customer_ends(at(5)).unwrap().0;
        assert_eq!(look(&chat, Gone::default(), 64), Err(Some(at(65))));
        assert_eq!(look(&chat, Gone::default(), 65), Ok(Due::Close));
    }

    #[test]
    fn who_waits_without_a_page_open_waits_no_longer() {
        let gone = Gone { customer: Some(at(3)), ..Gone::default() };
        assert_eq!(look(&waiting(), gone, 12), Err(Some(at(13))));
        assert_eq!(look(&waiting(), gone, 13), Ok(Due::Close));
        assert_eq!(look(&waiting(), Gone::default(), 600), Err(None));
    }

    #[test]
    fn an_agent_who_is_gone_loses_his_chats_to_the_front_of_the_queue() {
        let chat = waiting().start(KIM, Open, at(1)).unwrap().0;
        let gone = Gone { agent: Some(at(2)), ..Gone::default() };
        assert_eq!(look(&chat, gone, 4), Err(Some(at(5))));
        assert_eq!(look(&chat, gone, 5), Ok(Due::Requeue(Requeued::Gone(KIM))));
        // Whose line was gone long before he got it has his time, too.
        let gone = Gone { agent: Some(at(-60)), ..Gone::default() };
        assert_eq!(look(&chat, gone, 1), Err(Some(at(4))));
    }

    #[test]
    fn who_is_back_before_another_starts_has_his_chat_again() {
        let lost = waiting().start(KIM, Open, at(1)).unwrap().0.release(Requeued::Gone(KIM), at(5)).unwrap().0;
        let back = Gone { back: lost.lost_by, ..Gone::default() };
        assert_eq!(look(&lost, back, 6), Ok(Due::Restore(KIM)));
        assert_eq!(lost.clone().restore(LEE, at(6)), Err(crate::domain::chat::Refused::NotOffered { to: None }));
        assert_eq!(lost.restore(KIM, at(6)).unwrap().0.agent(), Some(KIM));
    }

    #[test]
    fn what_was_delegated_goes_back_when_it_is_not_resumed_and_what_is_parked_stays() {
        let chat = waiting().start(KIM, Open, at(1)).unwrap().0;
        let delegated = chat.clone().delegate(KIM, LEE, None, Open, at(2)).unwrap().0;
        assert_eq!(look(&delegated, Gone::default(), 4), Err(Some(at(5))));
        assert_eq!(look(&delegated, Gone::default(), 5), Ok(Due::GiveBack));
        let parked = chat.park(KIM, at(2)).unwrap().0;
        assert_eq!(look(&parked, Gone::default(), 600), Err(None));
    }
}
