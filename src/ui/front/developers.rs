//! The developer page: everything that a shop's own people need to know of the widget's
//! JavaScript. Drawn on the server alone, for everybody, without script.

use super::site::document;
use crate::{i18n::Texts, ui::page::Assets};
use leptos::prelude::*;

const QUEUE: &str = "window.damso = window.damso || function () { (damso.q = damso.q || []).push(arguments) };";

/// Code with its name, for those who cannot see it.
fn code(label: String, text: String) -> impl IntoView {
    // The whole of a long line is reached by the keyboard.
    view! { <pre tabindex="0" role="group" aria-label=label><code>{text}</code></pre> }
}

fn table(first: String, second: String, caption: String, rows: Vec<(&'static str, String)>) -> impl IntoView {
    let rows = rows
        .into_iter()
        .map(|(words, text)| {
            view! {
                <tr>
                    <th scope="row">
                        <code>{words}</code>
                    </th>
                    <td>{text}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <table>
            <caption class="visually-hidden">{caption}</caption>
            <thead>
                <tr>
                    <th scope="col">{first}</th>
                    <th scope="col">{second}</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
}

fn commands(t: &Texts) -> Vec<(&'static str, String)> {
    vec![
        ("damso(\"boot\", { locale, theme, launcher, identity, data, hidden })", t.developers_boot()),
        ("damso(\"open\")\ndamso(\"close\")\ndamso(\"toggle\")", t.developers_open()),
        ("damso(\"show\")\ndamso(\"hide\")", t.developers_show()),
        ("damso(\"locale\", \"ko\" | \"en\")", t.developers_locale()),
        ("damso(\"theme\", \"auto\" | \"light\" | \"dark\")", t.developers_theme()),
        ("damso(\"launcher\", selector | null)", t.developers_launcher()),
        ("damso(\"identify\", jwt | { token: jwt } | null)", t.developers_identify()),
        ("damso(\"set\", { key: value | null })", t.developers_set()),
        ("damso(\"on\", event, handler)\ndamso(\"off\", event, handler)", t.developers_on()),
        ("damso(\"logout\")", t.developers_logout()),
        ("damso(\"shutdown\")", t.developers_shutdown()),
    ]
}

fn events(t: &Texts) -> Vec<(&'static str, String)> {
    vec![
        ("ready", t.developers_event_ready()),
        ("open\nclose", t.developers_event_open()),
        ("unread (n)", t.developers_event_unread()),
        ("message", t.developers_event_message()),
        ("start\nend", t.developers_event_start()),
        ("status (online)", t.developers_event_status()),
        ("error ({ code })", t.developers_event_error()),
    ]
}

/// The page, without its doctype.
#[component]
#[expect(clippy::needless_pass_by_value, reason = "a component owns its props")]
pub fn DevelopersDocument(
    texts: Texts,
    assets: Assets,
    /// The address of this server, as other people reach it.
    base: String,
) -> impl IntoView {
    let t = &texts;
    let tag = |attributes: &str| format!("<script async{attributes} src=\"{base}/widget/KEY.js\"></script>");
    let para = |text: String| view! { <p>{text}</p> };
    // The anchors, the headings, and what stands below each.
    let sections: Vec<(&str, String, AnyView)> = vec![
        (
            "snippet",
            t.developers_snippet(),
            (
                para(t.developers_snippet_text()),
                code(
                    t.developers_snippet(),
                    format!("{}\n<noscript><a href=\"{base}/w/KEY\">{}</a></noscript>", tag(""), t.widget_open()),
                ),
                para(t.developers_snippet_note()),
            )
                .into_any(),
        ),
        (
            "queue",
            t.developers_queue(),
            (
                para(t.developers_queue_text()),
                code(
                    t.developers_queue(),
                    format!(
                        "<script>\n{QUEUE}\ndamso(\"locale\", \"{}\");\ndamso(\"on\", \"unread\", function (n) {{ console.log(n); }});\n</script>\n{}",
                        t.language.code(),
                        tag("")
                    ),
                ),
            )
                .into_any(),
        ),
        (
            "commands",
            t.developers_commands(),
            table(t.developers_command(), t.developers_does(), t.developers_commands(), commands(t)).into_any(),
        ),
        ("events", t.developers_events(), table(t.developers_event(), t.developers_when(), t.developers_events(), events(t)).into_any()),
        (
            "identity",
            t.developers_identity(),
            (
                view! {
                    <ol>
                        <li>{t.developers_identity_1()}</li>
                        <li>{t.developers_identity_2()}</li>
                        <li>{t.developers_identity_3()}</li>
                        <li>{t.developers_identity_4()}</li>
                        <li>{t.developers_identity_5()}</li>
                    </ol>
                },
                code(
                    t.developers_identity(),
                    "{ \"alg\": \"HS256\", \"typ\": \"JWT\" }\n{\n  \"sub\": \"customer-1042\",\n  \"exp\": 1790000000,\n  \"name\": \"김담소\",\n  \
                     \"email\": \"damso@example.com\",\n  \"phone\": \"010-0000-0000\",\n  \"data\": { \"grade\": \"VIP\" }\n}\n\n\
                     damso(\"identify\", jwt);"
                        .to_owned(),
                ),
            )
                .into_any(),
        ),
        (
            "data",
            t.developers_data(),
            (
                para(t.developers_data_text()),
                code(t.developers_data(), "damso(\"set\", { cart: \"3\", lastOrder: \"20261122-0042\", coupon: null });".to_owned()),
            )
                .into_any(),
        ),
        (
            "csp",
            t.developers_csp(),
            (para(t.developers_csp_text()), code(t.developers_csp(), format!("script-src {base}; frame-src {base}"))).into_any(),
        ),
        ("storage", t.developers_storage(), para(t.developers_storage_text()).into_any()),
        ("spa", t.developers_spa(), para(t.developers_spa_text()).into_any()),
        (
            "consent",
            t.developers_consent(),
            (
                para(t.developers_consent_text()),
                code(t.developers_consent(), format!("<script>\n{QUEUE}\n</script>\n{}\n\ndamso(\"boot\");", tag(" data-manual"))),
            )
                .into_any(),
        ),
        ("access", t.developers_access(), para(t.developers_access_text()).into_any()),
        (
            "look",
            t.developers_look(),
            (
                para(t.developers_look_text()),
                code(
                    t.developers_look(),
                    format!(
                        "<button type=\"button\" class=\"my-chat\">{}</button>\n\ndamso(\"boot\", {{ theme: \"light\", launcher: \".my-chat\" }});",
                        t.widget_open()
                    ),
                ),
            )
                .into_any(),
        ),
    ];
    let contents = sections
        .iter()
        .map(|(id, title, _)| {
            view! {
                <li>
                    <a href=format!("#{id}")>{title.clone()}</a>
                </li>
            }
        })
        .collect_view();
    let sections = sections
        .into_iter()
        .map(|(id, title, body)| {
            let heading = format!("{id}-title");
            view! {
                <section class="site-card" id=id aria-labelledby=heading.clone()>
                    <h2 id=heading.clone()>{title}</h2>
                    {body}
                </section>
            }
        })
        .collect_view();
    let body = view! {
        <p>{t.developers_lead()}</p>
        <nav class="site-card" aria-labelledby="contents">
            <h2 id="contents">{t.developers_contents()}</h2>
            <ul>{contents}</ul>
        </nav>
        {sections}
    }
    .into_any();
    let title = t.developers_title();
    document(t, assets, title, body)
}
