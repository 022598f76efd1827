//! 채팅기록 (A62d): what has ended, found by what stands in the address, read in the console.

use super::line::Line;
use crate::{
    api::history::{History, HistoryRow, Wanted, list_history},
    domain::{chat::EndedBy, ids::ChatId, time::Timestamp},
    ui::{
        kit::{
            Button, EmptyState, Field, texts,
            time::{DayLabel, Time},
        },
        load::load_with,
        settings::PageHead,
    },
};
use leptos::{ev, prelude::*};
use leptos_router::{
    hooks::{use_navigate, use_query_map},
    params::ParamsMap,
};

/// What the address asks for; what it does not say, or says wrongly, asks for nothing.
fn wanted(query: &ParamsMap) -> Wanted {
    let text = |name| query.get(name).unwrap_or_default();
    let after = query.get("after").and_then(|after| {
        let (at, chat) = after.split_once('_')?;
        Some((Timestamp(at.parse().ok()?), chat.parse::<ChatId>().ok()?))
    });
    Wanted {
        customer: text("customer"),
        agent: query.get("agent").and_then(|id| id.parse().ok()),
        queue: query.get("queue").and_then(|id| id.parse().ok()),
        from: text("from"),
        to: text("to"),
        after,
    }
}

/// The address that asks for it.
fn address(wanted: &Wanted) -> String {
    let Wanted { customer, agent, queue, from, to, after } = wanted;
    let mut query = ParamsMap::new();
    let mut add = |name: &'static str, value: String| {
        if !value.is_empty() {
            query.insert(name, value);
        }
    };
    add("customer", customer.trim().to_owned());
    add("agent", agent.map(|id| id.to_string()).unwrap_or_default());
    add("queue", queue.map(|id| id.to_string()).unwrap_or_default());
    add("from", from.clone());
    add("to", to.clone());
    add("after", after.map(|(at, chat)| format!("{}_{chat}", at.0)).unwrap_or_default());
    format!("/history{}", query.to_query_string())
}

/// `/history`
#[component]
pub fn HistoryPage() -> impl IntoView {
    let t = texts();
    let Some(line) = use_context::<Line>() else { return ().into_any() };
    let query = use_query_map();
    let asked = Memo::new(move |_| wanted(&query.read()));
    let found = move || {
        let asked = asked.get();
        load_with(move || list_history(asked.clone()), |history, _| view! { <Found history/> }.into_any())
    };
    view! {
        <main class="page history" id="main">
            <div class="page-body wide">
                <PageHead area=t.console_nav_chats() group=t.acts_history() title=t.acts_history() lead=t.acts_history_lead()/>
                <Search line asked/>
                {found}
            </div>
        </main>
    }
    .into_any()
}

#[component]
fn Search(line: Line, asked: Memo<Wanted>) -> impl IntoView {
    let t = texts();
    let store = line.store;
    let now = asked.get_untracked();
    let (customer, from, to) = (RwSignal::new(now.customer), RwSignal::new(now.from), RwSignal::new(now.to));
    let (agent, queue) = (RwSignal::new(now.agent), RwSignal::new(now.queue));
    // Back and forward show what was asked then.
    Effect::new(move |_| {
        let Wanted { customer: who, agent: by, queue: of, from: first, to: last, .. } = asked.get();
        customer.set(who);
        agent.set(by);
        queue.set(of);
        from.set(first);
        to.set(last);
    });
    let navigate = use_navigate();
    let go = {
        let navigate = navigate.clone();
        move |event: ev::SubmitEvent| {
            event.prevent_default();
            let wanted = Wanted {
                customer: customer.get_untracked(),
                agent: agent.get_untracked(),
                queue: queue.get_untracked(),
                from: from.get_untracked(),
                to: to.get_untracked(),
                after: None,
            };
            navigate(&address(&wanted), Default::default());
        }
    };
    let clear = Callback::new(move |()| navigate("/history", Default::default()));
    let agents = store
        .colleagues()
        .into_iter()
        .map(|(id, name)| view! { <option value=id.to_string() selected=agent.get_untracked() == Some(id)>{name}</option> })
        .collect_view();
    let mut named = untrack(|| store.queue_names());
    named.sort_by(|(_, a), (_, b)| a.get(t.language).cmp(b.get(t.language)));
    let queues = named
        .into_iter()
        .map(|(id, name)| view! { <option value=id.to_string() selected=queue.get_untracked() == Some(id)>{name.get(t.language).to_owned()}</option> })
        .collect_view();
    let (find, reset, any_agent, any_queue) = (t.acts_history_find(), t.acts_history_reset(), t.acts_history_any(), t.acts_history_any());
    view! {
        <form class="toolbar history-search" role="search" on:submit=go>
            <Field id="history-customer" name="customer" label=t.acts_history_customer() value=customer kind="search" autocomplete="off"/>
            <div class="field">
                <label for="history-agent">{t.acts_history_agent()}</label>
                <select id="history-agent" class="input" prop:value=move || agent.get().map(|id| id.to_string()).unwrap_or_default() on:change=move |event| agent.set(event_target_value(&event).parse().ok())>
                    <option value="">{any_agent}</option>
                    {agents}
                </select>
            </div>
            <div class="field">
                <label for="history-queue">{t.acts_history_queue()}</label>
                <select id="history-queue" class="input" prop:value=move || queue.get().map(|id| id.to_string()).unwrap_or_default() on:change=move |event| queue.set(event_target_value(&event).parse().ok())>
                    <option value="">{any_queue}</option>
                    {queues}
                </select>
            </div>
            <Field id="history-from" name="from" label=t.acts_history_from() value=from kind="date"/>
            <Field id="history-to" name="to" label=t.acts_history_to() value=to kind="date"/>
            <div class="history-go">
                <Button submit=true>{find}</Button>
                <Button on_press=clear>{reset}</Button>
            </div>
        </form>
    }
    .into_any()
}

#[component]
fn Found(history: History) -> impl IntoView {
    let t = texts();
    let Some(line) = use_context::<Line>() else { return ().into_any() };
    let query = use_query_map();
    let asked = wanted(&query.read_untracked());
    if history.rows.is_empty() {
        return view! {
            <section class="card">
                <EmptyState icon="history" title=t.acts_history_empty()>
                    <p>{t.acts_history_empty_text()}</p>
                </EmptyState>
            </section>
        }
        .into_any();
    }
    let older = history.rows.last().filter(|_| history.more).map(|last| {
        let href = address(&Wanted { after: Some((last.ended_at, last.chat)), ..asked.clone() });
        view! { <a class="btn" href=href>{t.acts_history_older()}</a> }
    });
    let newest = asked.after.is_some().then(|| {
        let href = address(&Wanted { after: None, ..asked });
        view! { <a class="btn" href=href>{t.acts_history_newest()}</a> }
    });
    let rows = history.rows.into_iter().map(|row| view! { <Entry line row/> }).collect_view();
    view! {
        <section class="card" aria-label=t.acts_history()>
            <ul class="lines">{rows}</ul>
            <div class="history-pages">{newest} {older}</div>
        </section>
    }
    .into_any()
}

#[component]
fn Entry(line: Line, row: HistoryRow) -> impl IntoView {
    let t = texts();
    let store = line.store;
    let who = match row.member {
        Some(member) => t.console_verified_member(member),
        None => t.console_customer(&row.code),
    };
    let who = if row.name.is_empty() { who } else { format!("{who} · {}", row.name) };
    let agent = row.agent.map(|agent| store.name_of(agent).unwrap_or_else(|| t.console_agent()));
    let queue = store.queue_name(row.queue).map(|name| name.get(t.language).to_owned());
    let by = match row.ended_by {
        EndedBy::Customer => t.console_event_ended_customer(),
        EndedBy::Agent => t.console_event_ended_agent(),
        EndedBy::System => t.console_event_ended_system(),
    };
    let (class, outcome) = if row.handled { ("chip active", t.acts_history_handled()) } else { ("chip", t.acts_history_unhandled()) };
    let facts = [agent, queue, Some(by)].into_iter().flatten().collect::<Vec<_>>().join(" · ");
    view! {
        <li class="line">
            <div class="line-main">
                <p>
                    <a href=format!("/console/{}", row.chat)>
                        <b>{who}</b>
                    </a>
                    " "
                    <span class=class>{outcome}</span>
                </p>
                <p class="muted small">{facts}</p>
            </div>
            <p class="muted small">
                <DayLabel at=row.ended_at/> " " <Time at=row.ended_at/>
            </p>
        </li>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::{AccountId, QueueId};
    use uuid::Uuid;

    #[test]
    fn an_address_asks_for_what_it_was_made_of() {
        let id = Uuid::from_u128(7);
        let one = Wanted {
            customer: "김 & 이".into(),
            agent: Some(AccountId(id)),
            queue: Some(QueueId(id)),
            from: "2026-11-01".into(),
            to: "2026-11-30".into(),
            after: Some((Timestamp(5), ChatId(id))),
        };
        let written = address(&one);
        let url = url::Url::parse(&format!("http://x{written}")).unwrap();
        let query: ParamsMap = url.query_pairs().map(|(name, value)| (name.into_owned(), value.into_owned())).collect();
        assert_eq!(wanted(&query), one);
        assert_eq!(address(&Wanted::default()), "/history");
        let odd: ParamsMap = [("agent".to_owned(), "x".to_owned()), ("after".to_owned(), "1".to_owned())].into_iter().collect();
        assert_eq!(wanted(&odd), Wanted::default());
    }
}
