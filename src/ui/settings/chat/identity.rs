//! 회원 확인 (G20): the keys with which the shop signs who its members are, and how.

use super::super::editing::Work;
use crate::{
    api::settings::{IdentityKey, delete_identity_key, load_widget, make_identity_key},
    ui::{
        kit::{
            Bound, Button, ButtonKind, Confirm, Icon, IconButton, Snippet, Switch, texts,
            time::{Time, TimeStyle},
        },
        live::host,
    },
};
use leptos::{html, prelude::*};

/// Keys that may be in force at once.
const KEYS_MAX: usize = 2;

/// How a server signs, without any package.
const EXAMPLE: &str = "import { createHmac } from 'node:crypto';

const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');

export function memberToken(member) {
  const exp = Math.floor(Date.now() / 1000) + 3600;
  const claims = { sub: String(member.id), exp, name: member.name, email: member.email };
  const body = part({ alg: 'HS256', typ: 'JWT' }) + '.' + part(claims);
  const mac = createHmac('sha256', process.env.DAMSO_IDENTITY_KEY).update(body);
  return body + '.' + mac.digest('base64url');
}";

#[component]
pub fn IdentitySection(keys: Vec<IdentityKey>, required: Bound<bool>) -> impl IntoView {
    let t = texts();
    let keys = RwSignal::new(keys);
    let no_key = t.chat_identity_required_no_key();
    view! {
        <section class="card code" aria-labelledby="widget-identity">
            <h2 id="widget-identity">{t.chat_identity()}</h2>
            <p class="muted small">{t.chat_identity_text()}</p>
            <div>
                <Switch label=t.chat_identity_required() value=required/>
                <p class="hint">{t.chat_identity_required_text()}</p>
                <div role="status">
                    {move || (required.get.get() && keys.read().is_empty()).then(|| view! { <p class="problem">{no_key.clone()}</p> })}
                </div>
            </div>
            <Keys keys/>
            <h3>{t.chat_identity_example()}</h3>
            <Snippet code=EXAMPLE.to_owned() label=t.chat_identity_example()/>
            <Specification/>
        </section>
    }
    .into_any()
}

#[component]
fn Keys(keys: RwSignal<Vec<IdentityKey>>) -> impl IntoView {
    let t = texts();
    let work = Work::new();
    let (secret, chosen, asking) = (RwSignal::new(None::<String>), RwSignal::new(None::<IdentityKey>), RwSignal::new(false));
    let title = NodeRef::<html::H3>::new();
    let make = Callback::new(move |()| {
        work.run(make_identity_key(), move |made| {
            keys.set(made.keys);
            secret.set(Some(made.secret));
        });
    });
    let deleted = t.chat_identity_deleted();
    let delete = Callback::new(move |()| {
        let Some(key) = chosen.get_untracked() else { return };
        let deleted = deleted.clone();
        let reload = async { load_widget().await.map(|page| page.identity_keys) };
        work.run_on_list(delete_identity_key(key.id), reload, move |left| {
            keys.set(left);
            asking.set(false);
            work.say(deleted);
            // Its own button is gone.
            if let Some(title) = title.get_untracked() {
                drop(title.focus());
            }
        });
    });
    let ask = Callback::new(move |key: IdentityKey| {
        chosen.set(Some(key));
        asking.set(true);
    });
    let question = {
        let t = t.clone();
        Signal::derive(move || {
            let Some(key) = chosen.get() else { return String::new() };
            let used = match key.used_at {
                Some(at) => t.chat_identity_last_used(host::format_time(at, t.language, TimeStyle::Full)),
                None => t.chat_identity_never_used(),
            };
            t.chat_identity_delete_text(key.id.code(), used)
        })
    };
    let (none, full, make_label) = (t.chat_identity_none(), t.chat_identity_full(), t.chat_identity_make());
    view! {
        <h3 node_ref=title tabindex="-1">{t.chat_identity_keys()}</h3>
        <ul class="identity-keys" hidden=move || keys.read().is_empty()>
            <For each=move || keys.get() key=|key| (key.id, key.used_at) let:key>
                <Key key on_delete=ask/>
            </For>
        </ul>
        <p class="hint" hidden=move || !keys.read().is_empty()>{none}</p>
        <NewSecret secret/>
        <div>
            <Button busy=work.busy disabled=Signal::derive(move || keys.read().len() >= KEYS_MAX) on_press=make>
                <Icon name="plus"/>
                {make_label}
            </Button>
            <p class="hint" hidden=move || keys.read().len() < KEYS_MAX>{full}</p>
        </div>
        <Confirm
            id="delete-identity-key"
            open=asking
            title=t.chat_identity_delete_title()
            text=question
            confirm=t.settings_delete()
            danger=true
            busy=work.busy
            on_confirm=delete
        />
    }
    .into_any()
}

#[component]
fn Key(key: IdentityKey, on_delete: Callback<IdentityKey>) -> impl IntoView {
    let t = texts();
    let name = t.chat_identity_key(key.id.code());
    let delete = t.settings_delete_named(&name);
    let used = match key.used_at {
        Some(at) => view! {
            {t.chat_identity_used()}
            " "
            <Time at style=TimeStyle::Full/>
        }
        .into_any(),
        None => t.chat_identity_unused().into_any(),
    };
    let (by, at) = (t.chat_identity_made(&key.made_by), key.made_at);
    view! {
        <li>
            <div>
                <b>{name}</b>
                <p class="hint">{by} " · " <Time at style=TimeStyle::Full/></p>
                <p class="hint">{used}</p>
            </div>
            <IconButton icon="trash" label=Signal::derive(move || delete.clone()) on_press=Callback::new(move |()| on_delete.run(key.clone()))/>
        </li>
    }
    .into_any()
}

/// The one time that a secret is seen.
#[component]
fn NewSecret(secret: RwSignal<Option<String>>) -> impl IntoView {
    let t = texts();
    view! {
        <div role="status">
            {move || {
                let t = t.clone();
                secret
                    .get()
                    .map(|code| {
                        view! {
                            <div class="notice">
                                <p>
                                    <b>{t.chat_identity_secret()}</b>
                                </p>
                                <p>{t.chat_identity_secret_text()}</p>
                                <Snippet code label=t.chat_identity_secret()/>
                                <Button kind=ButtonKind::Ghost on_press=Callback::new(move |()| secret.set(None))>
                                    {t.chat_identity_secret_done()}
                                </Button>
                            </div>
                        }
                    })
            }}
        </div>
    }
    .into_any()
}

/// What a token must say, in short.
#[component]
fn Specification() -> impl IntoView {
    let t = texts();
    let rows = [
        ("alg", t.chat_identity_spec_alg()),
        ("sub", t.chat_identity_spec_sub()),
        ("exp", t.chat_identity_spec_exp()),
        ("name", t.chat_identity_spec_name()),
        ("email", t.chat_identity_spec_email()),
        ("phone", t.chat_identity_spec_phone()),
        ("data", t.chat_identity_spec_data()),
    ];
    let rows = rows
        .into_iter()
        .map(|(name, meaning)| {
            view! {
                <tr>
                    <th scope="row">
                        <code>{name}</code>
                    </th>
                    <td>{meaning}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <h3 id="identity-spec">{t.chat_identity_spec()}</h3>
        <div class="table-place" tabindex="0" role="region" aria-labelledby="identity-spec">
            <table class="table">
                <thead>
                    <tr>
                        <th scope="col">{t.chat_identity_claim()}</th>
                        <th scope="col">{t.chat_identity_meaning()}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}
