//! Files that go with the reply, and those under way (A51): by button, paste and drop.

use super::super::super::{
    line::Line,
    parcels::{Parcel, Piece, Stage},
};
use crate::{
    domain::{
        attachment::{FILES_MAX, Kind},
        ids::{ChatId, ClientId},
    },
    ui::{
        kit::{Icon, Toasts, texts},
        problems::problem_text,
        upload,
    },
};
use leptos::{either::Either, ev, html, prelude::*, wasm_bindgen::JsCast as _, web_sys};

/// Files as they are taken: number in the page, name, bytes.
type Taken = Vec<(u32, String, u64)>;

/// 파일 첨부
#[component]
pub(super) fn AttachButton(#[prop(into)] disabled: Signal<bool>, on_chosen: Callback<Taken>) -> impl IntoView {
    let label = texts().talk_attach();
    let input = NodeRef::<html::Input>::new();
    view! {
        <button
            type="button"
            class="icon-btn"
            aria-label=label.clone()
            title=label
            disabled=disabled
            on:click=move |_| {
                if let Some(input) = input.get_untracked() {
                    input.click();
                }
            }
        >
            <Icon name="paperclip"/>
        </button>
        <input
            type="file"
            class="attach-input"
            hidden
            multiple
            accept=Kind::ACCEPT
            node_ref=input
            on:change=move |event| on_chosen.run(upload::take(&event))
        />
    }
    .into_any()
}

/// What waits above the composer.
#[component]
pub(super) fn Tray(line: Line, chat: ChatId, value: RwSignal<String>, send_now: Callback<()>) -> impl IntoView {
    let label = texts().talk_parcel();
    let ids = Memo::new(move |_| line.parcels.of(chat).into_iter().map(|parcel| parcel.id).collect::<Vec<_>>());
    view! {
        <ul class="parcels" aria-label=label hidden=move || ids.read().is_empty()>
            <For each=move || ids.get() key=|id| *id let:id>
                <One line chat id value send_now/>
            </For>
        </ul>
    }
    .into_any()
}

#[component]
fn One(line: Line, chat: ChatId, id: ClientId, value: RwSignal<String>, send_now: Callback<()>) -> impl IntoView {
    let t = texts();
    let parcels = line.parcels;
    let parcel = Memo::new(move |_| parcels.of(chat).into_iter().find(|parcel| parcel.id == id));
    let of = move |f: fn(&Parcel) -> bool| move || parcel.read().as_ref().is_some_and(f);
    let going = Memo::new(move |_| of(|p| matches!(p.stage, Stage::Going(_)))());
    let failed = Memo::new(move |_| of(|p| matches!(p.stage, Stage::Failed(_)))());
    let wrong = Memo::new(move |_| of(Parcel::is_wrong)());
    let pieces = Memo::new(move |_| parcel.get().map(|p| p.pieces).unwrap_or_default());
    // What comes back stands before what was typed since.
    let give_back = move |text: Option<String>| {
        if let Some(back) = text {
            value.update(|text| *text = if text.is_empty() { back } else { format!("{back}\n{text}") });
        }
    };
    let state = {
        let t = t.clone();
        move || match parcel.get().map(|p| p.stage) {
            Some(Stage::Going(percent)) => t.talk_parcel_sending(percent),
            Some(Stage::Failed(why)) => why,
            _ => String::new(),
        }
    };
    let text = move || parcel.get().map(|p| p.text).filter(|text| !text.is_empty()).map(|text| view! { <p class="parcel-text">{text}</p> });
    let buttons = {
        let t = t.clone();
        move || {
            let (retry_texts, t) = (t.clone(), t.clone());
            if going.get() {
                view! {
                    <button type="button" class="btn small-btn" on:click=move |_| parcels.stop(id)>{t.talk_parcel_cancel()}</button>
                }
                .into_any()
            } else if failed.get() {
                view! {
                    <button
                        type="button"
                        class="btn small-btn"
                        disabled=wrong
                        on:click=move |_| parcels.retry(id, retry_texts.clone())
                    >
                        {t.common_retry()}
                    </button>
                    <button type="button" class="btn small-btn" on:click=move |_| give_back(parcels.discard(id))>{t.talk_parcel_discard()}</button>
                }
                .into_any()
            } else {
                view! {
                    <button type="button" class="btn small-btn" disabled=wrong on:click=move |_| send_now.run(())>{t.common_send()}</button>
                    <button type="button" class="btn small-btn" on:click=move |_| give_back(parcels.discard(id))>{t.talk_parcel_discard()}</button>
                }
                .into_any()
            }
        }
    };
    view! {
        <li class="parcel" class:failed=failed>
            {text}
            <ul class="pieces">
                <For each=move || pieces.get() key=|piece| (piece.number, piece.wrong.is_some()) let:piece>
                    <OnePiece line id piece parcel going on_removed=Callback::new(give_back)/>
                </For>
            </ul>
            <p class="small parcel-state" role="status">{state}</p>
            <div class="parcel-acts">{buttons}</div>
        </li>
    }
    .into_any()
}

#[component]
fn OnePiece(
    line: Line,
    id: ClientId,
    piece: Piece,
    parcel: Memo<Option<Parcel>>,
    going: Memo<bool>,
    on_removed: Callback<Option<String>>,
) -> impl IntoView {
    let t = texts();
    let number = piece.number;
    let percent = Memo::new(move |_| parcel.read().as_ref().map_or(0, |p| p.progress(number)));
    let why =
        piece.wrong.map(|problem| view! { <span class="problem">{t.talk_parcel_wrong(&piece.name, problem_text(&t, problem))}</span> });
    let (size, remove) = (piece.size_words(), t.talk_parcel_remove(&piece.name));
    // What only calls itself a picture is drawn as a file.
    let picture = RwSignal::new(upload::picture(number));
    let drawn = move || match picture.get() {
        Some(src) => Either::Left(view! { <img class="piece-picture" src=src alt="" on:error=move |_| picture.set(None)/> }),
        None => Either::Right(view! { <Icon name="paperclip" size=12/> }),
    };
    view! {
        <li class="piece" class:wrong=piece.wrong.is_some()>
            {drawn}
            <span class="cut">{piece.name.clone()}</span>
            <span class="muted small">{size}</span>
            <progress hidden=move || !going.get() max="100" value=move || percent.get().to_string() aria-label=piece.name></progress>
            <button
                type="button"
                class="icon-btn"
                hidden=going
                aria-label=remove.clone()
                title=remove
                on:click=move |_| on_removed.run(line.parcels.remove(id, number))
            >
                <Icon name="x" size=12/>
            </button>
            {why}
        </li>
    }
    .into_any()
}

/// Says where files can be dropped while some are dragged over the chat, and takes them.
#[component]
pub(in super::super) fn DropHere(line: Line, chat: ChatId, #[prop(into)] may: Signal<bool>, children: Children) -> impl IntoView {
    let t = texts();
    let toasts = expect_context::<Toasts>();
    let over = RwSignal::new(false);
    let drag = move |event: ev::DragEvent| {
        if may.get_untracked() && upload::carries(&event) {
            event.prevent_default();
            over.set(true);
        }
    };
    let leave = move |event: ev::DragEvent| {
        let to = event.related_target().and_then(|to| to.dyn_into::<web_sys::Node>().ok());
        let here = event.current_target().and_then(|here| here.dyn_into::<web_sys::Node>().ok());
        if !here.is_some_and(|here| to.is_some() && here.contains(to.as_ref())) {
            over.set(false);
        }
    };
    let too_many = t.talk_parcel_too_many(FILES_MAX);
    let put = move |event: ev::DragEvent| {
        if !upload::carries(&event) {
            return;
        }
        // Elsewhere on the page the browser would open the file in its place.
        event.prevent_default();
        over.set(false);
        if may.get_untracked() && line.parcels.add(chat, upload::take(&event)) > 0 {
            toasts.trouble(too_many.clone());
        }
    };
    view! {
        <div class="drop-place" on:dragenter=drag on:dragover=drag on:dragleave=leave on:drop=put>
            {children()}
            <p class="drop-here" hidden=move || !over.get()>
                <Icon name="paperclip" size=20/>
                {t.talk_drop()}
            </p>
        </div>
    }
    .into_any()
}
