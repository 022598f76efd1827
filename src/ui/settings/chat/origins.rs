//! The sites whose pages may carry the widget, a line each.

use super::super::editing::Work;
use crate::{
    domain::settings::Placement,
    ui::{
        kit::{Button, Icon, IconButton, texts},
        problems::problem_text,
    },
};
use leptos::{html, prelude::*, wasm_bindgen::JsCast as _, web_sys};

/// One line. Its number is its own as long as it stands, wherever it stands.
#[derive(Clone, Debug)]
struct Line {
    id: u32,
    text: String,
}

/// The lines as they are written.
#[derive(Clone, Copy)]
pub struct Origins {
    lines: RwSignal<Vec<Line>>,
    next: StoredValue<u32>,
    /// What the lines are a writing of.
    draft: RwSignal<Placement>,
}

impl Origins {
    pub fn new(draft: RwSignal<Placement>) -> Self {
        let this = Self { lines: RwSignal::new(Vec::new()), next: StoredValue::new(0), draft };
        this.follow();
        this
    }

    /// Takes what the draft has, where that is not what was written here.
    pub fn follow(self) {
        let origins = self.draft.with_untracked(|draft| draft.origins.clone());
        if untrack(|| self.filled()) != origins {
            self.lines.set(origins.into_iter().map(|text| self.line(text)).collect());
        }
    }

    /// Tells the draft what is written here now.
    fn tell(self) {
        let filled = untrack(|| self.filled());
        if self.draft.with_untracked(|draft| draft.origins != filled) {
            self.draft.update(|draft| draft.origins = filled);
        }
    }

    fn line(self, text: String) -> Line {
        let id = self.next.get_value();
        self.next.set_value(id.wrapping_add(1));
        Line { id, text }
    }

    fn add(self) {
        let line = self.line(String::new());
        self.lines.update(|lines| lines.push(line));
    }

    fn remove(self, id: u32) {
        self.lines.update(|lines| lines.retain(|line| line.id != id));
        self.tell();
    }

    fn set(self, id: u32, text: &str) {
        self.lines.update(|lines| {
            if let Some(line) = lines.iter_mut().find(|line| line.id == id) {
                text.clone_into(&mut line.text);
            }
        });
        self.tell();
    }

    fn place(self, id: u32) -> Option<usize> {
        self.lines.read().iter().position(|line| line.id == id)
    }

    /// All lines, also empty ones: complaints count them.
    pub fn texts(self) -> Vec<String> {
        self.lines.read().iter().map(|line| line.text.clone()).collect()
    }

    /// What would be stored of them.
    pub fn filled(self) -> Vec<String> {
        self.texts().into_iter().filter(|text| !text.trim().is_empty()).collect()
    }
}

#[component]
pub fn OriginFields(origins: Origins, work: Work) -> impl IntoView {
    let t = texts();
    let none = t.chat_origins_none();
    let add_node = NodeRef::<html::Div>::new();
    // The line that was just added has the focus.
    let added = StoredValue::new(false);
    let add = Callback::new(move |()| {
        added.set_value(true);
        work.error.set(None);
        origins.add();
    });
    let remove = Callback::new(move |id: u32| {
        // Complaints go by places, and the places change.
        work.error.set(None);
        origins.remove(id);
        let button = add_node.get_untracked().and_then(|place| place.query_selector("button").ok().flatten());
        focus(button);
    });
    view! {
        <ul class="origins">
            <For each=move || origins.lines.get() key=|line| line.id let:line>
                <OriginField origins id=line.id text=line.text work added on_remove=remove/>
            </For>
        </ul>
        <p class="problem" hidden=move || !origins.filled().is_empty()>{none}</p>
        <div node_ref=add_node>
            <Button on_press=add>
                <Icon name="plus"/>
                {t.chat_origin_add()}
            </Button>
        </div>
    }
    .into_any()
}

#[component]
fn OriginField(origins: Origins, id: u32, text: String, work: Work, added: StoredValue<bool>, on_remove: Callback<u32>) -> impl IntoView {
    let t = texts();
    let node = NodeRef::<html::Input>::new();
    Effect::new(move |_| {
        if let Some(input) = node.get()
            && added.get_value()
        {
            added.set_value(false);
            drop(input.focus());
        }
    });
    let number = Memo::new(move |_| origins.place(id).map_or(0, |at| at + 1));
    let problem = {
        let t = t.clone();
        Memo::new(move |_| {
            let at = origins.place(id)?;
            let problem = work.error.read().as_ref()?.problem_of(&format!("origins.{at}"))?;
            Some(problem_text(&t, problem))
        })
    };
    let (label, remove) = {
        let (a, b) = (t.clone(), t);
        (move || a.chat_origin(number.get()), move || b.chat_origin_remove(number.get()))
    };
    let problem_id = format!("origin-{id}-problem");
    let described = problem_id.clone();
    view! {
        <li class="field" class:wrong=move || problem.read().is_some()>
            <div class="origin">
                <input
                    node_ref=node
                    class="input"
                    type="url"
                    inputmode="url"
                    autocomplete="off"
                    autocapitalize="none"
                    spellcheck="false"
                    placeholder="https://shop.example"
                    aria-label=label
                    aria-describedby=move || problem.read().is_some().then(|| described.clone())
                    aria-invalid=move || problem.read().is_some().then_some("true")
                    value=text
                    on:input=move |event| origins.set(id, &event_target_value(&event))
                />
                <IconButton icon="trash" label=Signal::derive(remove) on_press=Callback::new(move |()| on_remove.run(id))/>
            </div>
            <p class="problem" id=problem_id hidden=move || problem.read().is_none()>{move || problem.get()}</p>
        </li>
    }
    .into_any()
}

fn focus(element: Option<web_sys::Element>) {
    if let Some(element) = element.and_then(|e| e.dyn_into::<web_sys::HtmlElement>().ok()) {
        drop(element.focus());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_keep_their_numbers_while_others_go() {
        Owner::new().with(|| {
            let draft = RwSignal::new(Placement {
                origins: vec!["https://a.example".to_owned(), "https://b.example".to_owned()],
                ..Placement::default()
            });
            let origins = Origins::new(draft);
            origins.add();
            origins.remove(0);
            origins.set(1, "https://c.example");
            assert_eq!(origins.texts(), ["https://c.example", ""]);
            assert_eq!(origins.filled(), ["https://c.example"]);
            assert_eq!((origins.place(0), origins.place(1), origins.place(2)), (None, Some(0), Some(1)));
            assert_eq!(draft.get_untracked().origins, ["https://c.example"], "the draft has what is written");
            origins.follow();
            assert_eq!(origins.texts(), ["https://c.example", ""], "what was written here stays as it is written");
            draft.update(|draft| draft.origins = vec!["https://d.example".to_owned()]);
            origins.follow();
            assert_eq!(origins.texts(), ["https://d.example"]);
        });
    }
}
