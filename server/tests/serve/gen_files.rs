//! The second interface: files on their way in, in lists, as media of layers, and gone.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use md5::{Digest, Md5};
use serde_json::{Value, json};

use crate::gen_api::{P, ask, sheet, small};
use crate::support::{Answer, KEY, Server};

/// A picture of one colour: a PNG of 16x16 pixels without compression.
fn picture(color: [u8; 3]) -> Vec<u8> {
    let chunk = |kind: &[u8; 4], data: &[u8]| {
        let mut all = u32::try_from(data.len()).unwrap().to_be_bytes().to_vec();
        let mut body = kind.to_vec();
        body.extend_from_slice(data);
        all.extend_from_slice(&body);
        all.extend_from_slice(&crc(&body).to_be_bytes());
        all
    };
    let line: Vec<u8> = std::iter::once(0).chain(color.repeat(16)).collect();
    let raw = line.repeat(16);
    let length = u16::try_from(raw.len()).unwrap();
    let mut packed = vec![0x78, 0x01, 0x01];
    packed.extend_from_slice(&length.to_le_bytes());
    packed.extend_from_slice(&(!length).to_le_bytes());
    packed.extend_from_slice(&raw);
    let (a, b) = raw.iter().fold((1_u32, 0_u32), |(a, b), byte| {
        let a = (a + u32::from(*byte)) % 65521;
        (a, (b + a) % 65521)
    });
    packed.extend_from_slice(&((b << 16) | a).to_be_bytes());
    let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
    png.extend(chunk(b"IHDR", &[0, 0, 0, 16, 0, 0, 0, 16, 8, 2, 0, 0, 0]));
    png.extend(chunk(b"IDAT", &packed));
    png.extend(chunk(b"IEND", &[]));
    png
}

fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0_u32, |crc, byte| {
        (0..8).fold(
            crc ^ u32::from(*byte),
            |crc, _| if crc & 1 == 1 { (crc >> 1) ^ 0xedb8_8320 } else { crc >> 1 },
        )
    })
}

/// Sends bytes of a type.
fn send(server: &Server, method: &str, path: &str, kind: &str, bytes: &[u8]) -> Answer {
    server.send(method, path, &[("x-api-key", KEY), ("content-type", kind)], bytes)
}

/// A form with a file in it.
fn form(server: &Server, path: &str, name: &str, kind: &str, bytes: &[u8]) -> (u16, Value) {
    let mut body =
        b"--line\r\ncontent-disposition: form-data; name=\"agent_id\"\r\n\r\n1\r\n--line\r\n".to_vec();
    body.extend_from_slice(
        format!("content-disposition: form-data; name=\"content_resource[file]\"; filename=\"{name}\"\r\n")
            .as_bytes(),
    );
    body.extend_from_slice(format!("content-type: {kind}\r\n\r\n").as_bytes());
    body.extend_from_slice(bytes);
    body.extend_from_slice(b"\r\n--line--\r\n");
    let answer = send(server, "POST", path, "multipart/form-data; boundary=line", &body);
    (answer.status, answer.json())
}

fn path_of(url: &Value) -> String {
    format!("/{}", url.as_str().unwrap().splitn(4, '/').nth(3).unwrap())
}

#[test]
fn a_file_is_sent_used_renamed_and_removed() {
    let server = Server::start(1);
    let red = picture([255, 0, 0]);
    let (status, made) = form(&server, "/v1/content_resources", "red.png", "image/png", &red);
    assert_eq!(status, 201, "{made}");
    assert_eq!(made["generator"], Value::Null);
    let resource = &made["content_resource"];
    assert_eq!((&resource["file_name"], &resource["content_type"]), (&json!("red.png"), &json!("image/png")));
    // Open to everybody who has the address.
    let open = |url: &Value| server.ask("GET", &path_of(url), &[("authorization", "")], None);
    let led = open(&resource["url"]);
    assert_eq!(led.status, 302);
    assert_eq!(server.fetch(&json!(led.header("location").unwrap())), red);
    // In a layer by that address.
    let (sheet, video, last) = sheet(&server);
    small(&server, &sheet, &video);
    let layer = json!({ "type": "image", "additional_attributes": { "src": resource["url"], "durationInFrames": 3 } });
    assert_eq!(ask(&server, "POST", &format!("{P}/{sheet}/cells/{video}/layers"), Some(layer)).0, 201);
    let shape = json!({ "type": "shape", "additional_attributes": { "durationInFrames": 3, "left": 0, "top": 0,
        "width": 32, "height": 36, "styles": { "fill": "#00ff00" } } });
    assert_eq!(ask(&server, "POST", &format!("{P}/{sheet}/cells/{video}/layers"), Some(shape)).0, 201);
    let take =
        ask(&server, "POST", &format!("{P}/{sheet}/cells/{last}/render"), None).1["generation_id"].clone();
    let renders = server.get("/v1/renders").json();
    let job = server.ended(renders["data"][0]["id"].as_str().unwrap());
    assert_eq!(job["status"], "completed", "{job}\n{}", server.log());
    // Newest first, films among files.
    let list = |query: &str| ask(&server, "GET", &format!("/v1/content_resources{query}"), None).1;
    let ids = |list: &Value| list.as_array().unwrap().iter().map(|one| one["id"].clone()).collect::<Vec<_>>();
    assert_eq!(ids(&list("")), [take.clone(), resource["id"].clone()]);
    assert_eq!(ids(&list("?type=video")), std::slice::from_ref(&take));
    assert_eq!(ids(&list("?type=image")), [resource["id"].clone()]);
    assert_eq!(
        (ids(&list("?type=audio")).len(), ids(&list("?type=zip")).len(), ids(&list("?page=1")).len()),
        (0, 0, 0)
    );
    assert_eq!(ids(&list(&format!("?project_id={sheet}"))), std::slice::from_ref(&take));
    assert_eq!(ids(&list(&format!("?ids[]={}&ids[]=77", resource["id"]))), [resource["id"].clone()]);
    // Other names.
    for id in [&take, &resource["id"]] {
        let path = format!("/v1/content_resources/{id}");
        let name = json!({ "content_resource": { "filename": "mine" } });
        assert_eq!(ask(&server, "PATCH", &path, Some(name)), (200, Value::Null));
        assert_eq!(ask(&server, "GET", &path, None).1["content_resource"]["file_name"], "mine");
        assert_eq!(ask(&server, "PATCH", &path, Some(json!({ "filename": " " }))).0, 422);
    }
    // Gone: the number, the address, and what was made of it stays.
    let path = format!("/v1/content_resources/{}", resource["id"]);
    assert_eq!(ask(&server, "DELETE", &path, None), (200, Value::Null));
    assert_eq!(ask(&server, "DELETE", &path, None).1["error_code"], "content_resource_not_found");
    assert_eq!(open(&resource["url"]).status, 404);
    let again = ask(&server, "POST", &format!("{P}/{sheet}/cells/{last}/render"), None);
    assert_eq!((again.0, &again.1["error_code"]), (422, &json!("validation_error")));
    assert_eq!(ids(&list("")), [take]);
}

#[test]
fn bytes_are_taken_that_are_what_was_promised() {
    let server = Server::start(0);
    let blue = picture([0, 0, 255]);
    let md5 = |bytes: &[u8]| STANDARD.encode(Md5::digest(bytes));
    let blob = |more: Value| {
        let mut blob = json!({ "filename": "blue.png", "byte_size": blue.len(), "checksum": md5(&blue),
            "content_type": "image/png" });
        blob.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        ask(&server, "POST", "/v1/direct_upload", Some(json!({ "blob": blob })))
    };
    let attach = |signed: &Value| {
        let body = json!({ "content_resource": { "file": signed }, "agent_id": 1 }).to_string();
        let answer = server.ask("POST", "/v1/content_resources", &[], Some(&body));
        (answer.status, answer.json())
    };
    let (status, place) = blob(json!({ "metadata": { "a": 1 } }));
    assert_eq!(status, 200, "{place}");
    assert_eq!((&place["direct_upload"]["url"], &place["byte_size"]), (&place["url"], &json!(blue.len())));
    let signed = &place["signed_id"];
    let early = attach(signed);
    assert_eq!((early.0, &early.1["error_code"]), (422, &json!("content_resource_creation_failed")));
    let put = |place: &Value, bytes: &[u8]| {
        let headers = [("content-type", "image/png"), ("content-md5", place["checksum"].as_str().unwrap())];
        server.send("PUT", &path_of(&place["url"]), &headers, bytes).status
    };
    assert_eq!(put(&place, &blue), 200);
    // Nobody sees it before it is attached.
    assert_eq!(ask(&server, "GET", &format!("/v1/content_resources/{}", place["id"]), None).0, 404);
    let (status, made) = attach(signed);
    assert_eq!((status, &made["content_resource"]["id"]), (201, &place["id"]), "{made}");
    assert_eq!(attach(signed), (201, made));
    // The same with a form, and one that says too much.
    let text = |value: &str| {
        let part = "content-disposition: form-data; name=\"content_resource[file]\"";
        let body = format!("--line\r\n{part}\r\n\r\n{value}\r\n--line--\r\n");
        let path = "/v1/content_resources?agent_id=1";
        send(&server, "POST", path, "multipart/form-data; boundary=line", body.as_bytes()).status
    };
    assert_eq!((text(signed.as_str().unwrap()), text(&"x".repeat(65_600))), (201, 422));
    // Other bytes than those promised.
    for lie in [json!({ "byte_size": 7 }), json!({ "checksum": md5(b"other") })] {
        let place = blob(lie).1;
        assert_eq!(put(&place, &blue), 200);
        assert_eq!(attach(&place["signed_id"]).1["error_code"], "content_resource_creation_failed");
    }
    let told = |(status, body): (u16, Value)| format!("{status} {} {}", body["error_code"], body["error"]);
    let found = [
        told(blob(json!({ "content_type": "text/html" }))),
        told(blob(json!({ "byte_size": 1_u64 << 31 }))),
        told(blob(json!({ "byte_size": 0 }))),
        told(blob(json!({ "checksum": "AAAA" }))),
        told(blob(json!({ "filename": "" }))),
        told(blob(json!({ "odd": 1 }))),
        told(attach(&json!("x"))),
        told(form(&server, "/v1/content_resources", "a.png", "image/png", b"no picture")),
        told(form(&server, "/v1/content_resources", "a.html", "text/html", b"<p>")),
        told(form(&server, "/v1/content_resources?agent_id=2", "a.png", "image/png", &blue)),
    ];
    expect_test::expect![[r#"
        422 "invalid_content_type" "`text/html` is not taken"
        422 "file_size_exceeded" "a file may have 1073741824 bytes, not 2147483648"
        422 "direct_upload_failed" "`blob.byte_size` is no number of bytes"
        422 "direct_upload_failed" "`blob.checksum` is no MD5 in base64"
        422 "direct_upload_failed" "`blob.filename` is no name of at most 255 characters"
        422 "direct_upload_failed" "`blob.odd` is not known here"
        422 "content_resource_creation_failed" "there is no upload with this `signed_id`"
        422 "content_resource_creation_failed" "the file is no medium that can be read here"
        422 "content_resource_creation_failed" "neither the type nor the name of `a.html` is one of those taken"
        422 "agent_not_found" "there is one agent here, 1""#]]
    .assert_eq(&found.join("\n"));
}

/// The table of checks of the contract, as far as the tests beside do not walk it.
#[test]
fn the_checks_of_the_contract_hold() {
    let server = Server::start(0);
    let (sheet, video, last) = sheet(&server);
    // Wrapped and not, the agent in the query and in the body, both names of the same.
    let fields = json!({ "name": "a", "type": "text", "additional_attributes": { "content": "a", "durationInFrames": 1 } });
    let mut found = Vec::new();
    for name in ["autocontentengine", "vidsheet"] {
        let layers = format!("/v1/{name}/{sheet}/cells/{video}/layers");
        for body in [json!({ "video_layer": fields }), fields.clone()] {
            let (status, mut made) = ask(&server, "POST", &layers, Some(body.clone()));
            let mut body = body;
            body["agent_id"] = json!("1");
            let answer = server.ask("POST", &layers, &[], Some(&body.to_string()));
            let mut other = answer.json();
            assert_eq!((status, answer.status), (201, 201));
            for one in [&mut made, &mut other] {
                for field in ["id", "position", "created_at_ts", "updated_at_ts"] {
                    one.as_object_mut().unwrap().remove(field);
                }
            }
            found.extend([made, other]);
        }
    }
    assert!(found.windows(2).all(|two| two[0] == two[1]), "{found:?}");
    // Twice under one key.
    let render = format!("/v1/vidsheet/{sheet}/cells/{last}/render?agent_id=1");
    let trigger = || server.ask("POST", &render, &[("idempotency-key", "k")], None).json();
    assert_eq!(trigger(), trigger());
    assert_eq!(server.get("/v1/renders").json()["data"].as_array().unwrap().len(), 1);
    let unknown = server.ask("POST", "/v1/vidsheet/77/cells/1/render?agent_id=1", &[], None);
    assert_eq!(unknown.status, 404);
    let organization = ask(&server, "GET", "/v1/organizations/1", None).1;
    assert!(organization["available_credit"]["generic"].as_str().unwrap().parse::<f64>().unwrap() > 0.0);
    let balance = ask(&server, "GET", "/v1/credit_balance", None).1;
    assert_eq!(
        (&balance["organization_id"], &balance["generation_access"]),
        (&organization["id"], &json!(true))
    );
}
