// Answers the Cognito conformance protocol (CVAP 1) with golang-jwt, as its examples have it.
//
// Debian: apt-get install golang-go golang-github-golang-jwt-jwt-dev; then run.sh builds and starts.
package main

import (
	"bufio"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"os"
	"time"

	jwt "github.com/golang-jwt/jwt"
)

type object = map[string]interface{}
type config struct {
	Issuers, Client_ids, Required_scopes, Required_groups []string
	Token_use                                             *string
	Leeway_s                                              float64
	Jwks                                                  struct{ Keys []object }
}

var current config
var keys map[string]*rsa.PublicKey

func number(value interface{}) *big.Int {
	text, _ := value.(string)
	octets, _ := base64.RawURLEncoding.DecodeString(text)
	return new(big.Int).SetBytes(octets)
}

// The library reads no key sets; this takes the RSA signing keys, as AWS's page describes them.
func configure(given config) object {
	unsupported := []string{}
	if given.Leeway_s != 0 {
		unsupported = append(unsupported, "leeway_s")
	}
	if len(given.Required_scopes) > 0 {
		unsupported = append(unsupported, "required_scopes")
	}
	if len(given.Required_groups) > 0 {
		unsupported = append(unsupported, "required_groups")
	}
	if len(unsupported) > 0 {
		return object{"ok": false, "unsupported": unsupported}
	}
	current, keys = given, map[string]*rsa.PublicKey{}
	for _, key := range given.Jwks.Keys {
		kid, isText := key["kid"].(string)
		if isText && key["kty"] == "RSA" && (key["use"] == nil || key["use"] == "sig") {
			keys[kid] = &rsa.PublicKey{N: number(key["n"]), E: int(number(key["e"]).Int64())}
		}
	}
	return object{"ok": true}
}

func contains(list []string, value interface{}) bool {
	for _, each := range list {
		if each == value {
			return true
		}
	}
	return false
}

func verify(token string, now float64) (claims jwt.MapClaims, err error) {
	jwt.TimeFunc = func() time.Time { return time.Unix(0, int64(now*1e9)) }
	claims = jwt.MapClaims{}
	_, err = jwt.ParseWithClaims(token, claims, func(token *jwt.Token) (interface{}, error) {
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
	// The steps of AWS's page "Verifying JSON web tokens" that a general library knows nothing of.
	use, client := claims["token_use"], claims["client_id"]
	if use == "id" {
		client = claims["aud"]
	}
	if (use != "id" && use != "access") || (current.Token_use != nil && use != *current.Token_use) {
		return nil, errors.New("token_use")
	}
	if !contains(current.Client_ids, client) {
		return nil, errors.New("client")
	}
	return claims, nil
}

func answer(line []byte) (reply object) {
	var request struct {
		Id         int
		Cmd, Token string
		Now        float64
		Config     config
	}
	if err := json.Unmarshal(line, &request); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	defer func() {
		if panicked := recover(); panicked != nil {
			reply = object{"verdict": "error", "message": fmt.Sprintf("panic: %v", panicked)}
		}
		reply["id"] = request.Id
	}()
	switch request.Cmd {
	case "hello":
		return object{"protocol": 1, "capabilities": []string{"verify", "jwks.static", "clock.token"},
			"implementation": object{"name": "golang-jwt", "version": os.Getenv("GOLANG_JWT_VERSION"),
				"language": "go", "homepage": "https://github.com/golang-jwt/jwt"}, "limits": object{"leeway_s": 0}}
	case "configure":
		return configure(request.Config)
	case "reset":
		return object{"ok": true}
	case "bye":
		os.Exit(0)
	}
	claims, err := verify(request.Token, request.Now)
	if err != nil {
		return object{"verdict": "reject", "reason": "other", "message": err.Error()}
	}
	return object{"verdict": "accept", "claims": claims}
}

func main() {
	input := bufio.NewReaderSize(os.Stdin, 1<<20)
	for {
		line, err := input.ReadBytes('\n')
		if err != nil {
			return
		}
		reply, _ := json.Marshal(answer(line))
		os.Stdout.Write(append(reply, '\n'))
	}
}
