use super::{
    line::Line,
    words::{state, state_class},
};
use crate::{
    domain::ids::ChatId,
    ui::kit::{
        Icon, texts,
        time::{DayLabel, Time},
    },
};
use leptos::prelude::*;

/// The right pane: who the customer is, as far as it is known.
#[component]
pub fn Details(line: Line, chat: ChatId) -> impl IntoView {
    let t = texts();
    let row = Memo::new(move |_| line.store.row(chat));
    let title = t.console_customer_info();
    view! {
        <section class="pane details" id="details" aria-labelledby="details-title">
            <header class="head">
                <h2 id="details-title">{title}</h2>
            </header>
            {move || {
                let t = t.clone();
                row.get()
                    .map(|row| {
                        let card = &row.card;
                        let queue = line.store.queue_name(card.chat.queue).map(|q| q.get(t.language).to_owned());
                        let page = card.page.clone();
                        let link = page.url.starts_with("http://") || page.url.starts_with("https://");
                        let words = if page.title.is_empty() { page.url.clone() } else { page.title.clone() };
                        view! {
                            <dl class="facts">
                                <dt>{t.console_info_code()}</dt>
                                <dd>{t.console_customer(&card.code)}</dd>
                                <dt>{t.console_info_state()}</dt>
                                <dd>
                                    <span class=state_class(&row)>{state(&t, &row)}</span>
                                </dd>
                                {queue
                                    .map(|queue| {
                                        view! {
                                            <dt>{t.console_info_queue()}</dt>
                                            <dd>{queue}</dd>
                                        }
                                    })}
                                <dt>{t.console_info_intake()}</dt>
                                <dd>
                                    <DayLabel at=card.chat.intake_at/>
                                    " "
                                    <Time at=card.chat.intake_at/>
                                </dd>
                                {(!words.is_empty())
                                    .then(|| {
                                        view! {
                                            <dt>{t.console_info_page()}</dt>
                                            <dd>
                                                {if link {
                                                    view! {
                                                        <a href=page.url.clone() title=page.url target="_blank" rel="noopener noreferrer nofollow ugc">
                                                            {words}
                                                        </a>
                                                    }
                                                        .into_any()
                                                } else {
                                                    words.into_any()
                                                }}
                                            </dd>
                                        }
                                    })}
                                {(!card.device.is_empty())
                                    .then(|| {
                                        view! {
                                            <dt>{t.console_info_device()}</dt>
                                            <dd>
                                                <Icon name="device"/>
                                                " "
                                                {card.device.clone()}
                                            </dd>
                                        }
                                    })}
                            </dl>
                        }
                    })
            }}
        </section>
    }
    .into_any()
}
