//! The picture of a service: who changes it, and where it is seen.

use crate::{
    both,
    support::{Client, TestApp},
};
use damso::api::{
    ApiError, Problem,
    organization::{Changes, ServiceRow},
};
use image::{ImageFormat, RgbImage};
use reqwest::{
    Method, StatusCode, header,
    multipart::{Form, Part},
};
use serde_json::json;
use std::io::Cursor;

fn png(width: u32, height: u32, color: [u8; 3]) -> Vec<u8> {
    let mut bytes = Vec::new();
    RgbImage::from_pixel(width, height, image::Rgb(color)).write_to(&mut Cursor::new(&mut bytes), ImageFormat::Png).unwrap();
    bytes
}

async fn set(who: &Client, row: &ServiceRow, files: &[&[u8]]) -> (StatusCode, String) {
    let form = files
        .iter()
        .fold(Form::new().text("lang", "ko"), |form, bytes| form.part("files", Part::bytes(bytes.to_vec()).file_name("logo.png")));
    let path = format!("/organization/services/{}/banner", row.service.id);
    let answer = who.request(Method::POST, &path).multipart(form).send().await.unwrap();
    (answer.status(), answer.text().await.unwrap())
}

async fn row(owner: &Client) -> ServiceRow {
    owner.ask::<Vec<ServiceRow>>("organization/services", &json!({})).await.unwrap().remove(0)
}

both!(a_picture_of_a_service_stands_in_both_heads, async |test: TestApp| {
    let (owner, anyone) = (test.signed_in("owner").await, test.anyone());
    let first = row(&owner).await;
    assert_eq!(first.banner, None);
    let (status, json) = set(&owner, &first, &[&png(1_000, 500, [10, 120, 90])]).await;
    assert_eq!(status, StatusCode::OK, "{json}");
    let address = row(&owner).await.banner.unwrap();
    assert!(json.contains(&address));
    let answer = anyone.get(&address).await;
    let h = answer.headers().clone();
    assert_eq!((answer.status(), h[header::CONTENT_TYPE].to_str().unwrap()), (StatusCode::OK, "image/png"));
    assert_eq!(h[header::CACHE_CONTROL], "public, max-age=31536000, immutable");
    assert_eq!(h["x-content-type-options"], "nosniff");
    let picture = image::load_from_memory(&answer.bytes().await.unwrap()).unwrap();
    assert_eq!((picture.width(), picture.height()), (512, 256));
    for page in ["/w/demo", "/w/demo?frame=1", "/help/demo", "/help/demo/inquiry"] {
        let html = anyone.get(page).await.text().await.unwrap();
        assert!(html.contains(&format!("<img src=\"{address}\"")), "{page}: {html}");
    }
    // Another picture has another address, and the old one leads nowhere.
    set(&owner, &first, &[&png(20, 20, [200, 0, 0])]).await;
    let other = row(&owner).await.banner.unwrap();
    assert_ne!(other, address);
    assert_eq!(anyone.get(&address).await.status(), StatusCode::NOT_FOUND);
    assert_eq!(anyone.get(&other.replace("demo", "nowhere")).await.status(), StatusCode::NOT_FOUND);
    for _ in 0..2 {
        let rows: Vec<ServiceRow> =
            owner.ask("organization/services/banner/remove", &json!({ "service": first.service.id })).await.unwrap();
        assert_eq!(rows[0].banner, None);
    }
    assert!(!anyone.get("/help/demo").await.text().await.unwrap().contains("/banner/"));
    let changes: Changes = owner.ask("organization/changes", &json!({ "search": "", "before": null })).await.unwrap();
    let noted: Vec<(bool, bool)> =
        changes.rows.iter().filter(|c| c.kind == "banner").map(|c| (c.before.is_empty(), c.after.is_empty())).collect();
    assert_eq!(noted, [(false, true), (false, false), (true, false)], "the newest first, removed once");
});

both!(only_an_owner_changes_it_and_only_to_a_picture, async |test: TestApp| {
    let owner = test.signed_in("owner").await;
    let first = row(&owner).await;
    let good = png(20, 20, [1, 2, 3]);
    assert_eq!(set(&test.anyone(), &first, &[&good]).await.0, StatusCode::UNAUTHORIZED);
    assert_eq!(set(&test.signed_in("agent1").await, &first, &[&good]).await.0, StatusCode::FORBIDDEN);
    let mut nowhere = first.clone();
    nowhere.service.id = damso::domain::ids::ServiceId(uuid::Uuid::now_v7());
    assert_eq!(set(&owner, &nowhere, &[&good]).await.0, StatusCode::NOT_FOUND);
    let large = [&good[..], &vec![0; 2 * 1024 * 1024]].concat();
    for (files, problem) in [
        (vec![], Problem::Required),
        (vec![&b"%PDF-1.7\n"[..]], Problem::NotAPicture),
        (vec![&b"<svg xmlns='http://www.w3.org/2000/svg'/>"[..]], Problem::FileType),
        (vec![&large[..]], Problem::FileTooLarge),
        (vec![&good[..], &good[..]], Problem::TooManyFiles),
    ] {
        let (status, json) = set(&owner, &first, &files).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{problem:?}: {json}");
        assert_eq!(serde_json::from_str::<ApiError>(&json).unwrap().problem_of("files"), Some(problem));
    }
    assert_eq!(row(&owner).await.banner, None);
    let folders = std::fs::read_dir(test.folder.path().join("files")).unwrap();
    let left: usize = folders.map(|folder| std::fs::read_dir(folder.unwrap().path()).unwrap().count()).sum();
    assert_eq!(left, 0, "nothing refused stays");
});
