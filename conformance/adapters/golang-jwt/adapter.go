// golang-jwt as its examples have it. run.sh builds it with ../cvap.go and starts it.
package main

import (
	"crypto/rsa"
	"encoding/base64"
	"errors"
	"math/big"
	"os"
	"time"

	jwt "github.com/golang-jwt/jwt"
)

var current config
var keys map[string]*rsa.PublicKey

func number(value interface{}) *big.Int {
	text, _ := value.(string)
	octets, _ := base64.RawURLEncoding.DecodeString(text)
	return new(big.Int).SetBytes(octets)
}

// The library reads no key sets; this takes the RSA signing keys, as AWS's page describes them.
func configure(given config) {
	current, keys = given, map[string]*rsa.PublicKey{}
	for _, each := range given.Jwks.Keys {
		key, _ := each.(object)
		kid, isText := key["kid"].(string)
		if isText && key["kty"] == "RSA" && (key["use"] == nil || key["use"] == "sig") {
			keys[kid] = &rsa.PublicKey{N: number(key["n"]), E: int(number(key["e"]).Int64())}
		}
	}
}

func verify(token string, now float64) (map[string]interface{}, error) {
	jwt.TimeFunc = func() time.Time { return time.Unix(0, int64(now*1e9)) }
	claims := jwt.MapClaims{}
	_, err := jwt.ParseWithClaims(token, claims, func(token *jwt.Token) (interface{}, error) {
		kid, _ := token.Header["kid"].(string)
		if key, found := keys[kid]; found {
			return key, nil
		}
		return nil, errors.New("no such key")
	}, jwt.WithValidMethods([]string{"RS256"}))
	if err != nil {
		return nil, err
	}
	if !claims.VerifyExpiresAt(int64(now), true) || !claims.VerifyIssuer(current.Issuers[0], true) {
		return nil, errors.New("exp or iss")
	}
	return claims, checkCognito(claims, current)
}

func main() {
	serve(library{configure: configure, verify: verify, hello: object{
		"implementation": object{"name": "golang-jwt", "version": os.Getenv("GOLANG_JWT_VERSION"), "language": "go",
			"homepage": "https://github.com/golang-jwt/jwt"},
		"capabilities": []string{"verify", "jwks.static", "clock.token"}, "limits": object{"leeway_s": 0}}})
}
