use super::*;
use crate::domain::text::hangul::initial;
use proptest::prelude::*;
use uuid::Uuid;

fn canned(n: u128, scope: Scope, shortcut: &str, ko: &str, en: &str) -> Canned {
    let text = Localized { ko: ko.into(), en: en.into() };
    Canned { id: CannedId(Uuid::from_u128(n)), scope, version: 1, words: Words { shortcut: shortcut.into(), text } }
}

fn book() -> Book {
    Book::new(vec![
        canned(1, Scope::Own, "환불", "환불은 3일 걸립니다.", ""),
        canned(2, Scope::Own, "bye", "이용해 주셔서 감사합니다.", "Thank you for writing."),
        canned(3, Scope::Shared, "배송", "배송 조회는 여기서 하실 수 있습니다.", "You can track your parcel here."),
        canned(4, Scope::Shared, "반품-배송비", "반품 배송비는 3,000원입니다.", ""),
        canned(5, Scope::Shared, "Hello", "안녕하세요 고객님, 무엇을 도와드릴까요?", "Hello! How can I help?"),
        canned(6, Scope::Shared, "보내기", "오늘 보내 드립니다.", ""),
    ])
}

fn names(before_caret: &str) -> Vec<String> {
    book().find(before_caret).map(|found| found.hits.into_iter().map(|hit| hit.words.shortcut.clone()).collect()).unwrap_or_default()
}

#[test]
fn replies_are_found_by_name_by_words_and_by_initial_consonants() {
    for (typed, found) in [
        ("배송", &["배송", "반품-배송비"][..]),
        ("배ㅅ", &["배송", "반품-배송비"]),
        ("ㅂㅅ", &["배송", "반품-배송비"]),
        ("ㅄ", &["배송", "반품-배송비"]),
        ("ㅂㅍㅂㅅㅂ", &["반품-배송비"]),
        ("배소", &["배송", "반품-배송비"]),
        ("본", &[]),
        ("오늘 본", &["보내기"]),
        ("오늘 보", &["보내기"]),
        ("HE", &["Hello", "배송"]),
        ("감사", &["bye"]),
        ("ㄱㅅㅎㄴㄷ", &["bye"]),
        ("track", &["배송"]),
        ("rack", &[]),
        ("배", &[]),
        ("h", &[]),
        ("ㅎ", &["환불", "배송"]),
        ("배송 ", &["배송"]),
        ("", &[]),
    ] {
        assert_eq!(names(typed), found, "{typed}");
    }
}

#[test]
fn a_name_typed_whole_comes_first_and_then_ones_own() {
    let book = Book::new(vec![
        canned(1, Scope::Own, "배송지연", "…", ""),
        canned(2, Scope::Own, "지연", "배송이 늦어집니다.", ""),
        canned(3, Scope::Shared, "배송", "…", ""),
        canned(4, Scope::Shared, "배송비", "…", ""),
    ]);
    let hits = book.find("배송").unwrap().hits;
    assert_eq!(hits.iter().map(|hit| hit.words.shortcut.as_str()).collect::<Vec<_>>(), ["배송", "배송지연", "지연", "배송비"]);
}

#[test]
fn the_query_is_what_choosing_replaces() {
    let book = book();
    for (typed, query, asked) in [
        ("네, 배송", "배송", false),
        ("첫 줄\n배송", "배송", false),
        ("안녕하세요 고", "안녕하세요 고", false),
        ("하나\n  안녕하세요 고", "안녕하세요 고", false),
        ("/", "/", true),
        ("네 /ㅂㅅ", "/ㅂㅅ", true),
    ] {
        let found = book.find(typed).unwrap();
        assert_eq!((&typed[found.from..], found.asked), (query, asked), "{typed}");
    }
    for none in ["/ ", "1 / 2", "네/배송지는", "https://shop.example"] {
        assert_eq!(book.find(none), None, "{none}");
    }
    assert!(book.find("/없는것").unwrap().hits.is_empty(), "who asks is told that there is none");
}

#[test]
fn few_are_shown_while_typing_and_all_when_asked() {
    let book = Book::new((0..20).map(|n| canned(n, Scope::Shared, &format!("배송{n}"), "…", "")).collect());
    assert_eq!(book.find("배송").unwrap().hits.len(), MATCHES_MAX);
    assert_eq!(book.find("/배송").unwrap().hits.len(), 20);
    assert_eq!(book.find("/").unwrap().hits.len(), 20);
}

#[test]
fn words_are_cleaned_and_bounded() {
    let words = |shortcut: &str, ko: &str, en: &str| Words { shortcut: shortcut.into(), text: Localized { ko: ko.into(), en: en.into() } };
    let clean = words(" \u{1107}\u{1162}송\u{202e} ", "하나\r\n둘 ", "").checked().unwrap();
    assert_eq!(clean, words("배송", "하나\n둘", ""));
    let fields = |words: Words| words.checked().unwrap_err().into_iter().map(|wrong| (wrong.field, wrong.why)).collect::<Vec<_>>();
    let one = |field: &str, why| vec![(field.to_owned(), why)];
    assert_eq!(fields(words(" ", "가", "")), one("shortcut", Why::Text(TextProblem::Empty)));
    assert_eq!(fields(words(&"가".repeat(41), "가", "")), one("shortcut", Why::Text(TextProblem::TooLong)));
    for bad in ["/배송", "배송 비", "배\u{200b}송", "a\u{3000}b"] {
        assert_eq!(fields(words(bad, "가", "")), one("shortcut", Why::NotAShortcut), "{bad}");
    }
    assert_eq!(fields(words("가", " ", "\n")), one("text.ko", Why::Text(TextProblem::Empty)));
    let both = fields(words("", "가", &"x".repeat(MESSAGE_MAX + 1)));
    assert_eq!(both, [("shortcut".to_owned(), Why::Text(TextProblem::Empty)), ("text.en".to_owned(), Why::Text(TextProblem::TooLong))]);
    assert_eq!(words("HELLO", "", "").key(), "hello");
}

proptest! {
    #[test]
    fn every_name_is_found_by_its_initial_consonants(name in "[가-힣]{2,12}") {
        let consonants: String = name.chars().filter_map(initial).collect();
        let book = Book::new(vec![canned(1, Scope::Shared, &name, "…", "")]);
        prop_assert_eq!(book.find(&consonants).map(|found| found.hits.len()), Some(1));
    }

    #[test]
    fn every_beginning_of_a_name_finds_it(name in "[가-힣a-zA-Z0-9]{2,12}", cut in 2..12usize) {
        let book = Book::new(vec![canned(1, Scope::Shared, &name, "…", "")]);
        let begun: String = name.chars().take(cut).collect();
        prop_assert_eq!(book.find(&begun).map(|found| found.hits.len()), Some(1));
    }

    #[test]
    fn whatever_is_typed_the_query_is_its_end(typed in "(\\PC|[/ \\n배ㅅ]){0,24}", name in "\\PC{1,8}") {
        let book = Book::new(vec![canned(1, Scope::Own, &name, &typed, &name)]);
        if let Some(found) = book.find(&typed) {
            prop_assert!(typed.is_char_boundary(found.from));
            prop_assert!(!typed[found.from..].contains('\n'));
        }
    }

    #[test]
    fn what_was_cleaned_stays_as_it_is(shortcut in "\\PC{0,50}", ko in "\\PC{0,50}") {
        if let Ok(words) = (Words { shortcut, text: Localized { ko, en: String::new() } }).checked() {
            prop_assert_eq!(words.clone().checked(), Ok(words.clone()));
            prop_assert!(words.shortcut.chars().all(|c| !c.is_whitespace()));
        }
    }
}
