//! 서비스 배너: the picture of a service.

use crate::{
    api::{
        ApiError,
        organization::{ServiceRow, remove_banner},
    },
    domain::{
        attachment::{BANNER_MAX, Kind},
        ids::ServiceId,
    },
    ui::{
        kit::{Button, texts},
        settings::editing::Work,
        upload::{FilesField, Upload},
    },
};
use leptos::prelude::*;

/// The picture that is there, and its change; each is done at once.
#[component]
pub fn Banner(
    rows: RwSignal<Vec<ServiceRow>>,
    id: ServiceId,
    /// Of the service.
    name: String,
) -> impl IntoView {
    let t = texts();
    let now = Memo::new(move |_| rows.read().iter().find(|r| r.service.id == id).and_then(|r| r.banner.clone()));
    let work = Work::new();
    let upload = Upload::new("service-banner");
    let (saved, removed) = (t.organization_banner_saved(), t.organization_banner_removed());
    let send = Callback::new(move |()| {
        let saved = saved.clone();
        let request = async move {
            match upload.post(format!("/organization/services/{id}/banner"), Vec::new()).await {
                Err(ApiError::Network) if upload.was_stopped() => Ok(None),
                answer => answer.map(Some),
            }
        };
        work.run(request, move |now: Option<Vec<ServiceRow>>| {
            let Some(now) = now else { return };
            upload.clear();
            rows.set(now);
            work.say(saved);
        });
    });
    let remove = Callback::new(move |()| {
        let removed = removed.clone();
        work.run(remove_banner(id), move |now| {
            rows.set(now);
            work.say(removed);
        });
    });
    let (alt, remove_label, save_label) = (t.organization_banner_of(name), t.organization_banner_remove(), t.organization_banner_save());
    let shown = move || {
        now.get().map(|src| {
            let (alt, label) = (alt.clone(), remove_label.clone());
            view! {
                <div class="answers">
                    <img class="service-banner" src=src width="64" height="64" alt=alt/>
                    <Button busy=work.busy on_press=remove>
                        {label}
                    </Button>
                </div>
            }
        })
    };
    view! {
        <div class="form">
            {shown}
            <FilesField
                upload
                label=t.organization_banner()
                hint=t.organization_banner_hint(BANNER_MAX >> 20)
                accept=Kind::ACCEPT_PICTURES
                multiple=false
                problem=work.problem("files")
            />
            <div>
                <Button busy=work.busy on_press=send>
                    {save_label}
                </Button>
            </div>
        </div>
    }
    .into_any()
}
