//! What was said in an earlier chat: to read, not to answer.

use super::{
    super::{
        thread::{Files, Lightbox, Picture},
        words::happened,
    },
    beside::Beside,
    keys::back,
    words,
};
use crate::{
    api::{
        ApiError,
        panel::{Transcript, load_transcript},
    },
    domain::{
        chat::{Author, Event, Logged},
        ids::ChatId,
        time::Timestamp,
    },
    ui::{
        kit::{
            Button, EmptyState, Icon, IconButton,
            rich_text::RichText,
            texts,
            time::{DayLabel, Time},
        },
        live::host,
        problems::plain_error_text,
        session::left_by,
    },
};
use leptos::{html, prelude::*, task::spawn_local};

/// The earlier chat in front of the pane.
#[component]
pub fn TranscriptView(beside: Beside, earlier: ChatId) -> impl IntoView {
    let t = texts();
    let page = RwSignal::new(None::<Transcript>);
    let failed = RwSignal::new(None::<ApiError>);
    let busy = RwSignal::new(false);
    let load = move || {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        failed.set(None);
        let before = page.with_untracked(|page| page.as_ref().and_then(|page| page.events.first().map(|first| first.seq)));
        spawn_local(async move {
            let answer = load_transcript(beside.chat, earlier, before).await;
            let _ = busy.try_set(false);
            match answer {
                Ok(stretch) => drop(page.try_update(|page| match page {
                    Some(page) => {
                        page.earlier = stretch.earlier;
                        page.events.splice(0..0, stretch.events);
                    }
                    None => *page = Some(stretch),
                })),
                Err(error) if left_by(&error) => {}
                Err(error) => drop(failed.try_set(Some(error))),
            }
        });
    };
    Effect::new(move |_| load());
    let node = NodeRef::<html::H2>::new();
    Effect::new(move |_| {
        if let Some(title) = node.get() {
            drop(title.focus());
        }
    });
    let about = Memo::new(move |_| page.with(|page| page.as_ref().map(|page| page.about.clone())));
    let lines = Memo::new(move |_| page.with(|page| page.as_ref().map(|page| lines(&page.events, host::local_day)).unwrap_or_default()));
    let more = Memo::new(move |_| page.with(|page| page.as_ref().is_some_and(|page| page.earlier)));
    let head = {
        let t = t.clone();
        move || {
            about.get().map(|about| {
                let queue = beside.line.store.queue_name(about.queue).map(|queue| queue.get(t.language).to_owned());
                let agent = about.agent.map(|agent| beside.name_of(agent));
                let path = Some(about.path.get(t.language).to_owned());
                let words = [queue, agent, path, Some(words::outcome(&t, &about))];
                let words = words.into_iter().flatten().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" · ");
                view! {
                    <p class="small muted transcript-about">
                        <DayLabel at=about.intake_at/>
                        " "
                        <Time at=about.intake_at/>
                        " · "
                        {words}
                    </p>
                }
            })
        }
    };
    let state = {
        let t = t.clone();
        move || match failed.get() {
            Some(error) => {
                let (text, retry) = (plain_error_text(&t, &error), t.common_retry());
                Some(
                    view! {
                        <EmptyState icon="alert" title=t.panel_transcript_failed()>
                            <p>{text}</p>
                            <Button on_press=Callback::new(move |()| load())>{retry}</Button>
                        </EmptyState>
                    }
                    .into_any(),
                )
            }
            None if about.read().is_none() => Some(view! { <p class="muted none" role="status">{t.common_loading()}</p> }.into_any()),
            None => None,
        }
    };
    let more_label = t.common_earlier();
    provide_context(Picture::default());
    view! {
        <div class="beside">
            <Lightbox/>
            <header class="head">
                <IconButton icon="arrow-left" label=t.panel_back() on_press=Callback::new(move |()| back(beside))/>
                <h2 node_ref=node tabindex="-1">{t.panel_transcript()}</h2>
            </header>
            {head}
            {state}
            <div class="transcript" tabindex="0" role="region" aria-label=t.panel_transcript()>
                {move || {
                    let label = more_label.clone();
                    more.get().then(|| view! { <Button busy on_press=Callback::new(move |()| load())>{label}</Button> })
                }}
                <For each=move || lines.get() key=|line| (line.1.seq, line.0) let:line>
                    {line.0.then(|| view! { <p class="day"><DayLabel at=line.1.at/></p> })}
                    <Line beside logged=line.1/>
                </For>
            </div>
        </div>
    }
    .into_any()
}

/// The events of a log, each with whether a local day begins with it.
fn lines(events: &[Logged], day: impl Fn(Timestamp) -> i64) -> Vec<(bool, Logged)> {
    let mut today = None;
    let begins = |logged: &Logged| {
        let this = Some(day(logged.at));
        std::mem::replace(&mut today, this) != this
    };
    events.iter().map(begins).zip(events.iter().cloned()).collect()
}

#[component]
fn Line(beside: Beside, logged: Logged) -> impl IntoView {
    let t = texts();
    let name = |agent| Some(beside.name_of(agent)).filter(|name| !name.is_empty()).unwrap_or_else(|| t.console_agent());
    let at = logged.at;
    match logged.event {
        Event::Note { agent, text } => view! {
            <article class="note">
                <p class="small">
                    <Icon name="lock" size=12/>
                    {t.console_note_by(name(agent))}
                    " · "
                    <Time at/>
                </p>
                <div class="note-text">
                    <RichText text/>
                </div>
            </article>
        }
        .into_any(),
        Event::Message { author, text, files, .. } => {
            let (class, who) = match author {
                Author::Customer => ("said", t.panel_customer()),
                Author::Agent(agent) => ("said desk", name(agent)),
            };
            view! {
                <article class=class>
                    <p class="small muted">{who} " · " <Time at/></p>
                    <div>
                        <RichText text/>
                        <Files chat=logged.chat files/>
                    </div>
                </article>
            }
            .into_any()
        }
        event => view! { <p class="event">{happened(&t, &event, name)} " · " <Time at/></p> }.into_any(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::time::DAY;
    use uuid::Uuid;

    #[test]
    fn each_day_begins_once() {
        let at = |seq, at| Logged {
            chat: ChatId(Uuid::from_u128(1)),
            seq,
            public: None,
            at: Timestamp(at),
            client_id: None,
            event: Event::Intake,
        };
        let events = [at(1, 0), at(2, 5), at(3, DAY), at(4, DAY + 1)];
        let begins: Vec<bool> = lines(&events, |at| at.0 / DAY).into_iter().map(|line| line.0).collect();
        assert_eq!(begins, [true, false, true, false]);
    }
}
