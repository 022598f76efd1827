//! 차단 (G34): who is kept out, by whom, why and until when.

use super::{SettingsPage, editing::Work, focus::focus_first};
use crate::{
    api::blocks::{BlockRow, lift_block, list_blocks},
    domain::ids::BlockId,
    ui::{
        kit::{
            Button, Confirm, EmptyState, Field, texts,
            time::{DayLabel, Time},
        },
        load::load,
    },
};
use leptos::prelude::*;

const SEARCH: &str = "blocks-search";

/// `/settings/blocks`
#[component]
pub fn BlocksPage() -> impl IntoView {
    let t = texts();
    view! {
        <SettingsPage group=t.chat_group() title=t.acts_blocks() lead=t.acts_blocks_lead()>
            {load(list_blocks, |rows, _| view! { <List rows/> }.into_any())}
        </SettingsPage>
    }
    .into_any()
}

/// Whether a row has what is looked for in what it shows.
fn has(row: &BlockRow, wanted: &str) -> bool {
    let wanted = wanted.trim().to_lowercase();
    let BlockRow { code, member, name, address, reason, by, .. } = row;
    let address = address.as_ref().map_or("", |(address, _)| address);
    [code.as_str(), member.as_deref().unwrap_or_default(), name, address, reason, by]
        .iter()
        .any(|text| text.to_lowercase().contains(&wanted))
}

#[component]
fn List(rows: Vec<BlockRow>) -> impl IntoView {
    let t = texts();
    let (rows, search, work) = (RwSignal::new(rows), RwSignal::new(String::new()), Work::new());
    let (lifting, asks) = (RwSignal::new(None::<BlockRow>), RwSignal::new(false));
    let found = Memo::new(move |_| rows.with(|rows| rows.iter().filter(|row| has(row, &search.read())).cloned().collect::<Vec<_>>()));
    let count = Memo::new(move |_| rows.read().len());
    let total = {
        let t = t.clone();
        move || (count.get() > 0).then(|| t.acts_blocks_count(count.get()))
    };
    let lift = {
        let t = t.clone();
        Callback::new(move |()| {
            let Some(row) = lifting.get_untracked() else { return };
            asks.set(false);
            let done = t.acts_lifted(&row.code);
            work.run_on_list(lift_block(row.id), list_blocks(), move |now| {
                // Where somebody else was first, that has been told.
                let gone = now.iter().all(|left| left.id != row.id);
                rows.set(now);
                if gone {
                    work.say(done);
                    focus_first([SEARCH.to_owned()]);
                }
            });
        })
    };
    let text = {
        let t = t.clone();
        Signal::derive(move || lifting.get().map_or_else(String::new, |row| t.acts_lift_text(row.code)))
    };
    let (empty, empty_text, nothing) = (t.acts_blocks_empty(), t.acts_blocks_empty_text(), t.acts_blocks_nothing());
    let ask = Callback::new(move |id: BlockId| {
        lifting.set(rows.with_untracked(|rows| rows.iter().find(|row| row.id == id).cloned()));
        asks.set(true);
    });
    view! {
        <section class="card" aria-labelledby="blocks-title">
            <div class="card-head">
                <h2 id="blocks-title">{t.acts_blocks_list()}</h2>
                <span class="muted small">{total}</span>
            </div>
            {move || {
                let (title, text) = (empty.clone(), empty_text.clone());
                (count.get() == 0)
                    .then(|| {
                        view! {
                            <EmptyState icon="lock" title>
                                <p>{text}</p>
                            </EmptyState>
                        }
                    })
            }}
            <div role="search" hidden=move || count.get() == 0>
                <Field id=SEARCH name="search" label=t.acts_blocks_search() value=search kind="search" autocomplete="off"/>
            </div>
            <p class="muted" role="status">{move || (count.get() > 0 && found.read().is_empty()).then(|| nothing.clone())}</p>
            <ul class="lines">
                <For each=move || found.get() key=|row| row.id let:row>
                    <Row row ask/>
                </For>
            </ul>
        </section>
        <Confirm id="lift-block" open=asks title=t.acts_lift_title() text confirm=t.acts_lift() busy=work.busy on_confirm=lift/>
    }
    .into_any()
}

#[component]
fn Row(row: BlockRow, ask: Callback<BlockId>) -> impl IntoView {
    let t = texts();
    let id = row.id;
    let whose = t.console_customer(&row.code);
    let who = match row.member {
        Some(member) => t.console_verified_member(member),
        None => t.console_customer(&row.code),
    };
    let until = match row.until {
        Some(at) => view! { {t.acts_until()} " " <DayLabel at/> " " <Time at/> }.into_any(),
        None => t.acts_until_lifted().into_any(),
    };
    let address = row.address.map(|(address, until)| {
        view! {
            <p class="muted small">
                {t.acts_blocks_address(address)} " · " {t.acts_until()} " " <DayLabel at=until/> " " <Time at=until/>
            </p>
        }
    });
    view! {
        <li class="line">
            <div class="line-main">
                <p>
                    <b>{who}</b> {(!row.name.is_empty()).then(|| format!(" · {}", row.name))} " " <span class="chip trouble">{until}</span>
                </p>
                <p>{row.reason}</p>
                <p class="muted small">
                    {t.acts_blocked_by(row.by)} " · " <DayLabel at=row.at/> " " <Time at=row.at/>
                </p>
                {address}
            </div>
            <div class="line-acts">
                <Button on_press=Callback::new(move |()| ask.run(id))>
                    {t.acts_lift()} <span class="visually-hidden">": " {whose}</span>
                </Button>
            </div>
        </li>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{ids::ChatId, time::Timestamp};
    use uuid::Uuid;

    #[test]
    fn a_block_is_found_by_whatever_stands_in_its_line() {
        let row = BlockRow {
            id: BlockId(Uuid::nil()),
            chat: ChatId(Uuid::nil()),
            code: "8F2C".into(),
            member: Some("M-1024".into()),
            name: "김민수".into(),
            address: Some(("203.0.113.9".into(), Timestamp(0))),
            reason: "욕설 반복".into(),
            by: "상담원1".into(),
            at: Timestamp(0),
            until: None,
        };
        for wanted in ["", "8f2c", "m-10", "민수", "203.0", "욕설", "상담원1 "] {
            assert!(has(&row, wanted), "{wanted}");
        }
        assert!(!has(&row, "배송"));
    }
}
