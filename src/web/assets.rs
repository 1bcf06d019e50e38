//! Serves `static/`: packed, and cached for ever under the hash of the bundle.

use std::{borrow::Cow, collections::HashMap, sync::LazyLock};

use actix_web::{
    HttpMessage as _, HttpRequest, HttpResponse,
    http::header::{self, ContentEncoding, Encoding, EntityTag, IfNoneMatch, TryIntoHeaderValue as _},
    web::{self, Bytes},
};

use crate::render::assets;

/// A file as it is sent.
struct Prepared {
    media_type: String,
    tag: String,
    plain: Bytes,
    brotli: Option<Bytes>,
    gzip: Option<Bytes>,
}

/// Everything in `static/`, packed where that makes it smaller.
static FILES: LazyLock<HashMap<String, Prepared>> = LazyLock::new(|| {
    let prepare = |path: Cow<'static, str>| {
        let file = assets::file(&path)?;
        let tag = crate::types::Digest::of(&file.data).to_string().chars().take(32).collect();
        let media_type = match mime_guess::from_path(&*path).first_or_octet_stream() {
            kind if kind.type_() == mime_guess::mime::TEXT => format!("{kind}; charset=utf-8"),
            kind => kind.to_string(),
        };
        let packed = |ending| assets::packed(&path, ending).map(Bytes::from_static);
        let prepared = Prepared { media_type, tag, brotli: packed("br"), gzip: packed("gz"), plain: bytes(file.data) };
        Some((path.into_owned(), prepared))
    };
    assets::paths().filter_map(prepare).collect()
});

/// Without a copy of what is part of the program.
fn bytes(data: Cow<'static, [u8]>) -> Bytes {
    match data {
        Cow::Borrowed(data) => Bytes::from_static(data),
        Cow::Owned(data) => Bytes::from(data),
    }
}

/// GET `/assets/{hash}/{path}`. Under the hash of this build a file never changes; under that of another build
/// (a page from before an upgrade) the file of this one is sent, and asked for again next time.
pub async fn show(request: HttpRequest, address: web::Path<(String, String)>) -> HttpResponse {
    let (hash, path) = address.into_inner();
    let Some(file) = FILES.get(&path) else {
        return HttpResponse::NotFound().insert_header((header::CACHE_CONTROL, "no-store")).finish();
    };
    let caching = if hash == assets::bundle_hash() { "public, max-age=31536000, immutable" } else { "no-cache" };
    let (encoding, body) = chosen(&request, file);
    let tag = EntityTag::new_strong(match encoding {
        ContentEncoding::Brotli => format!("{}-br", file.tag),
        ContentEncoding::Gzip => format!("{}-gz", file.tag),
        _ => file.tag.clone(),
    });
    let known = match request.get_header::<IfNoneMatch>() {
        Some(IfNoneMatch::Any) => true,
        Some(IfNoneMatch::Items(tags)) => tags.iter().any(|known| known.weak_eq(&tag)),
        None => false,
    };
    let mut response = if known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    response
        .insert_header((header::CACHE_CONTROL, caching))
        .insert_header((header::VARY, "Accept-Encoding"))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .insert_header(header::ETag(tag));
    if known {
        return response.finish();
    }
    // Said even of plain bytes, so that no middleware packs them again.
    if let Ok(encoding) = encoding.try_into_value() {
        response.insert_header((header::CONTENT_ENCODING, encoding));
    }
    response.insert_header((header::CONTENT_TYPE, file.media_type.as_str())).body(body)
}

/// The smallest form that the browser takes.
fn chosen(request: &HttpRequest, file: &Prepared) -> (ContentEncoding, Bytes) {
    let accepted = request.get_header::<header::AcceptEncoding>();
    let takes = |encoding: Encoding| {
        accepted.as_ref().is_some_and(|accepted| {
            accepted.negotiate([&Encoding::identity(), &encoding].into_iter()).is_some_and(|best| best == encoding)
        })
    };
    if let Some(packed) = file.brotli.as_ref().filter(|_| takes(Encoding::brotli())) {
        return (ContentEncoding::Brotli, packed.clone());
    }
    if let Some(packed) = file.gzip.as_ref().filter(|_| takes(Encoding::gzip())) {
        return (ContentEncoding::Gzip, packed.clone());
    }
    (ContentEncoding::Identity, file.plain.clone())
}

#[cfg(test)]
mod tests {
    use actix_web::{App, http::StatusCode, test};

    use super::*;

    async fn get(path: &str, headers: &[(&'static str, &str)]) -> actix_web::dev::ServiceResponse {
        let app = test::init_service(App::new().route("/assets/{hash}/{path:.*}", web::get().to(show))).await;
        let mut request = test::TestRequest::get().uri(path);
        for header in headers {
            request = request.insert_header(*header);
        }
        test::call_service(&app, request.to_request()).await
    }

    fn header<'a>(response: &'a actix_web::dev::ServiceResponse, name: &str) -> &'a str {
        response.headers().get(name).map_or("", |value| value.to_str().unwrap())
    }

    #[actix_web::test]
    async fn a_file_is_packed_tagged_and_kept_for_ever() {
        let path = assets::asset("vendor/htmx/htmx.min.js");
        let response = get(path, &[("accept-encoding", "gzip, deflate, br")]).await;
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(header(&response, "content-encoding"), "br");
        assert_eq!(header(&response, "cache-control"), "public, max-age=31536000, immutable");
        assert_eq!(header(&response, "content-type"), "text/javascript; charset=utf-8");
        assert_eq!(header(&response, "x-content-type-options"), "nosniff");
        let tag = header(&response, "etag").to_owned();
        let again = get(path, &[("accept-encoding", "br"), ("if-none-match", &tag)]).await;
        assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
        let gzip = get(path, &[("accept-encoding", "gzip")]).await;
        assert_eq!(header(&gzip, "content-encoding"), "gzip");
        assert_ne!(header(&gzip, "etag"), tag);
        assert_eq!(header(&get(path, &[]).await, "content-encoding"), "identity");
    }

    #[actix_web::test]
    async fn another_builds_address_works_but_is_not_kept() {
        let response = get("/assets/0000/css/colours.css", &[]).await;
        assert_eq!((response.status(), header(&response, "cache-control")), (StatusCode::OK, "no-cache"));
        assert_eq!(get("/assets/0000/../Cargo.toml", &[]).await.status(), StatusCode::NOT_FOUND);
    }
}
