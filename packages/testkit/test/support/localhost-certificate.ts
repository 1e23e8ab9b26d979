/** A self-signed certificate of localhost and 127.0.0.1, valid for a hundred years, for TLS in tests and nothing else. */
export const certificate = `-----BEGIN CERTIFICATE-----
MIIBmjCCAUGgAwIBAgIUOES0TMWbKIiSkCJelYXCylGiOwMwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEzMDE0MDgzMVoYDzIxMjYxMTA2
MTQwODMxWjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAATd92LsMR6NAQTTmEHAtZoRthUP+ctlh1vuZ1YZxq6z+Yt0af1jJkEi
hWs0EyZnRZQICWm+lyXybgw30SfZZuUro28wbTAdBgNVHQ4EFgQUszajNwJA26SM
8hgGqyWxUNtc08UwHwYDVR0jBBgwFoAUszajNwJA26SM8hgGqyWxUNtc08UwDwYD
VR0TAQH/BAUwAwEB/zAaBgNVHREEEzARgglsb2NhbGhvc3SHBH8AAAEwCgYIKoZI
zj0EAwIDRwAwRAIgBYsdOm9DJxw1UgXQoP9W+dYwYNhDEIC75MP1MXATB7ACIFMm
ionriR58K8S0j2PSnLvXTy52n8maRds3Y7XCtkgL
-----END CERTIFICATE-----`

/** Its key, which is known to everybody. */
export const key = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg5BrigiaATGaC8juy
ZcnMnrDRabxi5kEkYmyeFzUzjK2hRANCAATd92LsMR6NAQTTmEHAtZoRthUP+ctl
h1vuZ1YZxq6z+Yt0af1jJkEihWs0EyZnRZQICWm+lyXybgw30SfZZuUr
-----END PRIVATE KEY-----`
