//! How my own pages look, sound and answer to keys (A38, A85). Each choice counts at once.

use crate::{
    domain::preferences::{Density, Notices, Sound, Theme},
    i18n::Texts,
    ui::{
        console::notice::{Permission, ask, permission, play},
        kit::{Bound, Button, Switch, texts},
        preferences::Mine,
    },
};
use leptos::{prelude::*, task::spawn_local};

/// Theme, density, keys.
#[component]
pub(super) fn LookCard() -> impl IntoView {
    let t = texts();
    let mine = expect_context::<Mine>();
    let themes = Theme::ALL
        .into_iter()
        .map(|theme| {
            let word = match theme {
                Theme::System => t.notice_theme_system(),
                Theme::Light => t.notice_theme_light(),
                Theme::Dark => t.notice_theme_dark(),
            };
            let chosen = Signal::derive(move || mine.get().theme == theme);
            choice("theme", theme.name(), word, chosen, Callback::new(move |()| mine.change(|all| all.theme = theme)))
        })
        .collect_view();
    let densities = Density::ALL
        .into_iter()
        .map(|density| {
            let word = match density {
                Density::Comfortable => t.notice_density_comfortable(),
                Density::Compact => t.notice_density_compact(),
            };
            let chosen = Signal::derive(move || mine.get().density == density);
            choice("density", density.name(), word, chosen, Callback::new(move |()| mine.change(|all| all.density = density)))
        })
        .collect_view();
    view! {
        <section class="card" aria-labelledby="look-title">
            <h2 id="look-title">{t.notice_look()}</h2>
            <div class="own-rows">
                <div class="own-row">
                    <h3 id="theme-title">{t.notice_theme()}</h3>
                    <div class="choices" role="radiogroup" aria-labelledby="theme-title">
                        {themes}
                    </div>
                </div>
                <div class="own-row">
                    <h3 id="density-title">{t.notice_density()}</h3>
                    <div class="choices" role="radiogroup" aria-labelledby="density-title">
                        {densities}
                    </div>
                </div>
            </div>
            <Switch
                label=t.notice_keys_switch()
                value=Bound { get: Signal::derive(move || mine.get().shortcuts), set: Callback::new(move |on| mine.change(|all| all.shortcuts = on)) }
            />
            <p class="muted small">{t.notice_keys_text()}</p>
        </section>
    }
    .into_any()
}

fn choice(name: &'static str, value: &'static str, word: String, chosen: Signal<bool>, choose: Callback<()>) -> impl IntoView {
    view! {
        <label class="choice">
            <input type="radio" name=name value=value checked=chosen.get_untracked() prop:checked=chosen on:change=move |_| choose.run(())/>
            <span>{word}</span>
        </label>
    }
}

/// A switch of the notices.
fn of(mine: Mine, get: fn(&Notices) -> bool, set: fn(&mut Notices, bool)) -> Bound<bool> {
    Bound {
        get: Signal::derive(move || get(&mine.get().notices)),
        set: Callback::new(move |on| mine.change(|all| set(&mut all.notices, on))),
    }
}

/// Sounds and notices of the desktop, for who may chat.
#[component]
pub(super) fn NoticesCard() -> impl IntoView {
    let t = texts();
    let mine = expect_context::<Mine>();
    let sounds = Sound::ALL
        .into_iter()
        .map(|sound| {
            let (word, bound) = match sound {
                Sound::Request => (t.notice_sound_request(), of(mine, |n| n.request, |n, on| n.request = on)),
                Sound::Message => (t.notice_sound_message(), of(mine, |n| n.message, |n, on| n.message = on)),
                Sound::Note => (t.notice_sound_note(), of(mine, |n| n.note, |n, on| n.note = on)),
            };
            let listen = t.notice_try();
            let name = format!("{word} · {listen}");
            view! {
                <div class="own-row">
                    <Switch label=word value=bound/>
                    <Button on_press=Callback::new(move |()| play(sound, mine.get_untracked().notices.volume)) {..} aria-label=name>
                        {listen}
                    </Button>
                </div>
            }
        })
        .collect_view();
    let volume = move |event| {
        // A range gives nothing else than its numbers.
        if let Ok(volume) = event_target_value(&event).parse() {
            mine.change(|all| all.notices.volume = volume);
        }
    };
    view! {
        <section class="card" aria-labelledby="notices-title">
            <h2 id="notices-title">{t.notice_card()}</h2>
            <p class="muted small">{t.notice_card_text()}</p>
            <div class="own-rows">
                {sounds} <div class="own-row">
                    <label for="notices-volume">{t.notice_volume()}</label>
                    <input
                        id="notices-volume"
                        type="range"
                        min="0"
                        max="100"
                        step="10"
                        value=mine.get_untracked().notices.volume
                        prop:value=move || mine.get().notices.volume.to_string()
                        on:change=volume
                    />
                </div> <Switch label=t.notice_looking() value=of(mine, |n| n.looking, |n, on| n.looking = on)/>
                <Switch label=t.notice_desktop() value=of(mine, |n| n.desktop, |n, on| n.desktop = on)/> <Allowed t=t.clone()/>
                <Switch label=t.notice_words() value=of(mine, |n| n.words, |n, on| n.words = on)/>
            </div>
        </section>
    }
    .into_any()
}

/// What this browser has to say to notices of the desktop, if they are wanted.
#[component]
fn Allowed(t: Texts) -> impl IntoView {
    let mine = expect_context::<Mine>();
    // Only the page itself learns it.
    let said = RwSignal::new(Permission::Granted);
    Effect::new(move |_| said.set(permission()));
    let allow = Callback::new(move |()| {
        spawn_local(async move {
            ask().await;
            let _ = said.try_set(permission());
        });
    });
    move || {
        let wanted = mine.get().notices.desktop;
        match said.get() {
            Permission::NotAsked if wanted => {
                let label = t.notice_desktop_allow();
                view! { <div><Button on_press=allow>{label}</Button></div> }.into_any()
            }
            Permission::Denied if wanted => view! { <p class="muted small">{t.notice_desktop_denied()}</p> }.into_any(),
            _ => ().into_any(),
        }
    }
}
