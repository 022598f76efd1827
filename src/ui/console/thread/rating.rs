//! 평가 요청 (A52, A62): the service's words ask the customer for his rating.

use super::{super::line::Line, Hand};
use crate::{
    api::chats::request_rating,
    domain::ids::ChatId,
    ui::kit::{Button, ButtonKind, texts},
};
use leptos::{prelude::*, task::spawn_local};

/// The button, where there is something to rate: ratings are on, the chat is this agent's,
/// and he has answered. `quiet` beside the composer, in the control row (G19).
#[component]
pub(super) fn RequestRating(line: Line, chat: ChatId, hand: Memo<Hand>, #[prop(optional)] quiet: bool) -> impl IntoView {
    let t = texts();
    let store = line.store;
    let shown = Memo::new(move |_| {
        let mine = matches!(hand.get(), Hand::Mine | Hand::CustomerEnded | Hand::Held { .. });
        mine && store.rating_is_on() && store.row(chat).is_some_and(|row| row.card.chat.is_handled())
    });
    let busy = RwSignal::new(false);
    let (label, requested) = (t.rating_request(), t.rating_requested());
    let ask = Callback::new(move |()| {
        busy.set(true);
        let requested = requested.clone();
        spawn_local(async move {
            line.act(chat, request_rating(chat), Some(requested)).await;
            // The pane may show another chat by now.
            let _ = busy.try_set(false);
        });
    });
    let kind = if quiet { ButtonKind::Ghost } else { ButtonKind::Plain };
    move || {
        let label = label.clone();
        shown.get().then(|| view! { <Button kind busy on_press=ask>{label}</Button> })
    }
}
