//! 공휴일: dates on which everything is closed.

use super::{
    edit::fill,
    editor::Editor,
    focus,
    words::{date, day_number},
};
use crate::{
    domain::calendar::{Calendar, DATE_NAME_MAX, Date, Holiday, holidays::YEARS},
    i18n::Texts,
    ui::{
        kit::{Button, Field, Icon, IconButton, texts},
        live::host,
    },
};
use leptos::prelude::*;
use std::collections::BTreeMap;

/// So many days before the last holiday it is time for the next year's.
const AHEAD: i64 = 60;

#[component]
pub fn Holidays(editor: Editor) -> impl IntoView {
    let t = texts();
    let said = RwSignal::new(String::new());
    let years = Memo::new(move |_| {
        let mut years: BTreeMap<String, Vec<Holiday>> = BTreeMap::new();
        for holiday in &editor.draft.read().holidays {
            years.entry(holiday.date.0.get(..4).unwrap_or_default().to_owned()).or_default().push(holiday.clone());
        }
        years
    });
    let names = Memo::new(move |_| years.read().keys().cloned().collect::<Vec<_>>());
    // Known once the page is alive.
    let today = RwSignal::new(String::new());
    let zone = editor.stored.read_untracked().page.zone.clone();
    Effect::new(move |_| today.set(host::wall_clock(host::now(), &zone).get(..10).unwrap_or_default().to_owned()));
    let warning = {
        let t = t.clone();
        Memo::new(move |_| ending(&t, &editor.draft.read(), &today.read()))
    };
    let filled = {
        let t = t.clone();
        Callback::new(move |()| {
            let added = editor.draft.try_update(|c| fill(&mut c.holidays, t.language)).unwrap_or_default();
            said.set(if added == 0 { t.hours_holidays_complete() } else { t.hours_holidays_filled(added) });
        })
    };
    let none = t.hours_holidays_none();
    view! {
        <section class="card" aria-labelledby="hours-holidays">
            <div>
                <h2 id="hours-holidays">{t.hours_holidays()}</h2>
                <p class="muted small">{t.hours_holidays_text()}</p>
            </div>
            <p class="hours-note warn" role="status" hidden=move || warning.read().is_none()>
                <Icon name="triangle-alert"/>
                {warning}
            </p>
            <p class="muted" hidden=move || !names.read().is_empty()>{none}</p>
            <div class="years">
                <For each=move || names.get() key=Clone::clone let:year>
                    <Year editor years today year/>
                </For>
            </div>
            <NewHoliday editor/>
            <div class="hours-fill">
                <Button on_press=filled>{t.hours_holidays_fill(YEARS.0, YEARS.1)}</Button>
                <p class="muted small" role="status">{said}</p>
            </div>
        </section>
    }
    .into_any()
}

/// What is said when the stored holidays end soon.
fn ending(t: &Texts, calendar: &Calendar, today: &str) -> Option<String> {
    let last = calendar.holidays.iter().map(|h| &h.date).max()?;
    let left = day_number(&last.0)? - day_number(today)?;
    match left {
        AHEAD.. => None,
        0.. => Some(t.hours_holidays_ending(date(t, last))),
        _ => Some(t.hours_holidays_ended(date(t, last))),
    }
}

#[component]
fn Year(editor: Editor, years: Memo<BTreeMap<String, Vec<Holiday>>>, today: RwSignal<String>, year: String) -> impl IntoView {
    let t = texts();
    let holidays = {
        let year = year.clone();
        Memo::new(move |_| years.read().get(&year).cloned().unwrap_or_default())
    };
    let title = {
        let (t, year) = (t.clone(), year.clone());
        move || t.hours_holidays_year(holidays.read().len(), &year)
    };
    // The current one; the others are a click away.
    let open = Memo::new(move |_| today.read().starts_with(&year));
    view! {
        <details class="year" prop:open=open>
            <summary>{title}</summary>
            <ul class="holidays">
                <For each=move || holidays.get() key=|h| (h.date.clone(), h.name.clone()) let:holiday>
                    <Line editor holiday/>
                </For>
            </ul>
        </details>
    }
    .into_any()
}

#[component]
fn Line(editor: Editor, holiday: Holiday) -> impl IntoView {
    let t = texts();
    let when = date(&t, &holiday.date);
    let remove = t.hours_holidays_remove(&when, &holiday.name);
    let name = holiday.name.clone();
    view! {
        <li>
            <span class="holiday-date">{when}</span>
            <span>{name}</span>
            <IconButton icon="trash" label=remove on_press=Callback::new(move |()| {
                    editor.draft.update(|c| c.holidays.retain(|h| *h != holiday));
                    focus("hours-holiday-date");
                })/>
        </li>
    }
    .into_any()
}

/// Adds one, or renames the one on the same date.
#[component]
fn NewHoliday(editor: Editor) -> impl IntoView {
    let t = texts();
    let (when, name) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let (wrong_date, wrong_name) = (RwSignal::new(false), RwSignal::new(false));
    let add = Callback::new(move |()| {
        let (on, called) = (when.get_untracked(), name.get_untracked().trim().to_owned());
        wrong_date.set(day_number(&on).is_none());
        wrong_name.set(called.chars().count() > DATE_NAME_MAX);
        if wrong_date.get_untracked() || wrong_name.get_untracked() {
            return;
        }
        editor.draft.update(|c| {
            c.holidays.retain(|h| h.date.0 != on);
            c.holidays.push(Holiday { date: Date(on), name: called });
            c.holidays.sort_by(|a, b| a.date.cmp(&b.date));
        });
        when.set(String::new());
        name.set(String::new());
        focus("hours-holiday-date");
    });
    let said = |wrong: RwSignal<bool>, text: String| Signal::derive(move || wrong.get().then(|| text.clone()));
    view! {
        <div
            class="holiday-new"
            on:keydown=move |event| {
                if event.key() == "Enter" && !event.is_composing() && super::is_field(&event) {
                    add.run(());
                }
            }
        >
            <Field
                id="hours-holiday-date"
                name="date"
                kind="date"
                label=t.hours_holidays_date()
                value=when
                problem=said(wrong_date, t.hours_exception_wrong_first())
            />
            <Field id="hours-holiday-name" name="name" label=t.hours_holidays_name() value=name problem=said(wrong_name, t.error_too_long())/>
            <Button on_press=add>{t.hours_holidays_add()}</Button>
        </div>
    }
    .into_any()
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;
    use crate::domain::service::Language;

    #[test]
    fn the_end_of_the_holidays_is_told_sixty_days_ahead() {
        let t = Texts::of(Language::Ko);
        let calendar = |dates: &[&str]| Calendar {
            holidays: dates.iter().map(|d| Holiday { date: Date((*d).into()), name: String::new() }).collect(),
            ..Calendar::default()
        };
        let stored = calendar(&["2027-12-25", "2026-12-25"]);
        assert_eq!(ending(&t, &stored, "2027-10-26"), None, "sixty days");
        assert_eq!(
            ending(&t, &stored, "2027-10-27").unwrap(),
            "저장된 마지막 공휴일이 2027년 12월 25일 (토)입니다. 그 뒤의 공휴일을 넣어 주세요."
        );
        assert!(ending(&t, &stored, "2027-12-25").unwrap().starts_with("저장된 마지막"));
        assert!(ending(&t, &stored, "2027-12-26").unwrap().starts_with("저장된 공휴일이 모두"));
        assert_eq!(ending(&t, &calendar(&[]), "2027-12-26"), None, "whoever keeps no holidays is not reminded of them");
        assert_eq!(ending(&t, &stored, ""), None, "before the page is alive");
    }
}
