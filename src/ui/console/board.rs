//! 현황 (E6): who waits for a human for too long, whose agent is gone, and what every agent
//! has in hand; with acts. The chats are the desk's own, the agents come with each change of
//! who is there: nothing here asks again and again.

mod acts;
mod agents;
mod chats;

use super::line::Line;
use crate::{
    api::{
        ApiError,
        board::{Board, BoardAgent, load_board},
    },
    domain::{
        ids::AccountId,
        time::{SECOND, Timestamp},
    },
    ui::{
        kit::{EmptyState, texts},
        load::load,
        session::left_by,
    },
};
use acts::{Acting, Acts};
use agents::{Agents, InHand, in_hand};
use chats::Chats;
use leptos::{prelude::*, task::spawn_local};
use leptos_meta::Title;
use std::collections::HashMap;

/// A reading that has ended is taken anew at most this often.
const AGAIN: i64 = 5 * SECOND;

/// `/board`
#[component]
pub fn BoardPage() -> impl IntoView {
    let line = use_context::<Line>();
    // A desk that is loaded anew draws no new page.
    let oversees = Memo::new(move |_| line.is_some_and(|line| line.store.oversees()));
    move || if oversees.get() { view! { <Page/> }.into_any() } else { view! { <Forbidden/> }.into_any() }
}

/// Instead of the board.
#[component]
fn Forbidden() -> impl IntoView {
    let t = texts();
    view! {
        <Title text=t.board_title()/>
        <main class="lone" id="main">
            <EmptyState icon="lock" title=t.board_forbidden() heading=true>
                <p>{t.board_forbidden_text()}</p>
            </EmptyState>
        </main>
    }
    .into_any()
}

#[component]
fn Page() -> impl IntoView {
    let t = texts();
    view! {
        <Title text=t.board_title()/>
        <main class="page board" id="main">
            <div class="page-body wide">
                <header class="page-head">
                    <div>
                        <h1>{t.board_title()}</h1>
                        <p class="muted">{t.board_lead()}</p>
                    </div>
                </header>
                {load(load_board, |board, _| view! { <Live board/> }.into_any())}
            </div>
        </main>
    }
    .into_any()
}

/// What the parts of the board share.
#[derive(Clone, Copy)]
struct Look {
    line: Line,
    board: RwSignal<Board>,
    /// What each agent has in hand, by the second.
    hands: Memo<HashMap<AccountId, InHand>>,
}

impl Look {
    fn agent(self, account: AccountId) -> Option<BoardAgent> {
        self.board.with(|board| board.agents.iter().find(|agent| agent.account == account).cloned())
    }

    /// Since when nobody is there who could answer for this agent; none: he is.
    fn gone_since(self, account: AccountId) -> Option<Option<Timestamp>> {
        self.board.with(|board| match board.agents.iter().find(|agent| agent.account == account) {
            Some(agent) if agent.gone => Some(agent.gone_since),
            Some(_) => None,
            // Without the right by now, or deactivated.
            None => Some(None),
        })
    }

    /// How long is too long, in milliseconds: to be seen, and to be borne.
    fn limits(self) -> (i64, i64) {
        self.board.with(|board| (i64::from(board.warn_seconds) * SECOND, i64::from(board.limit_seconds) * SECOND))
    }

    fn take(self, answer: Result<Board, ApiError>) -> Result<(), ApiError> {
        let board = answer?;
        let _ = self.board.try_set(board);
        Ok(())
    }

    fn again(self) {
        spawn_local(async move {
            // What is shown stays: the line itself says when it is down, and what is new then.
            if let Err(error) = self.take(load_board().await) {
                left_by(&error);
            }
        });
    }
}

#[component]
fn Live(board: Board) -> impl IntoView {
    let line = expect_context::<Line>();
    let hands = Memo::new(move |_| in_hand(line, line.store.now().get().unwrap_or(Timestamp(0))));
    let look = Look { line, board: RwSignal::new(board), hands };
    let asked = StoredValue::new(Timestamp(0));
    // Somebody came, went or changed his status.
    Effect::new(move |before: Option<u32>| {
        let changes = line.staff.get();
        if before.is_some_and(|before| before != changes) {
            look.again();
        }
        changes
    });
    // Other limits, other people.
    Effect::new(move |before: Option<()>| {
        line.store.follow_desk();
        if before.is_some() {
            look.again();
        }
    });
    // A console that nobody has heard from goes without a word.
    Effect::new(move |_| {
        let Some(now) = line.store.now().get() else { return };
        let ended = look.board.with_untracked(|board| board.until.is_some_and(|until| until < now));
        if ended && now.since(asked.get_value()) >= AGAIN {
            asked.set_value(now);
            look.again();
        }
    });
    let acting = RwSignal::new(None::<Acting>);
    view! {
        <Chats look acting/>
        <Agents look/>
        <Acts look acting/>
    }
    .into_any()
}
