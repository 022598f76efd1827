//! Words among colleagues, at any time: the customer never sees them.

use super::{
    super::super::line::Line,
    draft::{Inherited, drafted},
};
use crate::{
    domain::ids::ChatId,
    ui::kit::{Icon, composer::Composer, texts},
};
use leptos::{html, prelude::*};

/// The field of a note. It looks like no reply: colour, border, label and button.
#[component]
pub(super) fn Note(line: Line, chat: ChatId, field: NodeRef<html::Textarea>, done: Callback<()>) -> impl IntoView {
    let t = texts();
    let value = RwSignal::new(String::new());
    drafted(line, (chat, true), value);
    let on_send = Callback::new(move |text: String| {
        let taken = line.note(chat, &text);
        if taken {
            done.run(());
        }
        taken
    });
    view! {
        <Inherited line place=(chat, true) value/>
        <div class="answer noting">
            <p class="noting-label small"><Icon name="lock" size=12/> {t.talk_note_placeholder()}</p>
            <Composer
                value=value
                on_send=on_send
                label=t.talk_note_field()
                send_label=t.talk_note_save()
                placeholder=t.talk_note_field()
                node=field
            />
        </div>
    }
    .into_any()
}
