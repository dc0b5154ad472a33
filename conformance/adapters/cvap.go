// The loop of the Go adapters (CVAP 1): one JSON object a line. Needs nothing of the suite.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
)

type object = map[string]interface{}
type config struct {
	Issuers, Client_ids, Required_scopes, Required_groups []string
	Token_use                                             *string
	Leeway_s                                              float64
	Jwks                                                  struct{ Keys []interface{} }
}

// What an adapter sets: who it is, and its library.
type library struct {
	hello     object
	configure func(config)
	verify    func(token string, now float64) (map[string]interface{}, error)
}

// What a library has no setting for, apart from what it supports, is refused.
func unsupported(given config) []string {
	names := []string{}
	for name, asked := range map[string]bool{"leeway_s": given.Leeway_s != 0,
		"required_scopes": len(given.Required_scopes) > 0, "required_groups": len(given.Required_groups) > 0} {
		if asked {
			names = append(names, name)
		}
	}
	return names
}

// The steps of AWS's page "Verifying JSON web tokens" that a general library knows nothing of.
func checkCognito(claims map[string]interface{}, given config) error {
	use, client := claims["token_use"], claims["client_id"]
	if use == "id" {
		client = claims["aud"]
	}
	if (use != "id" && use != "access") || (given.Token_use != nil && use != *given.Token_use) {
		return fmt.Errorf("token_use")
	}
	for _, each := range given.Client_ids {
		if each == client {
			return nil
		}
	}
	return fmt.Errorf("client")
}

func (library library) answer(line []byte) (reply object) {
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
		reply = object{"protocol": 1}
		for name, value := range library.hello {
			reply[name] = value
		}
		return reply
	case "configure":
		if names := unsupported(request.Config); len(names) > 0 {
			return object{"ok": false, "message": "no such setting", "unsupported": names}
		}
		library.configure(request.Config)
		return object{"ok": true}
	case "reset":
		return object{"ok": true}
	case "bye":
		os.Exit(0)
	}
	claims, err := library.verify(request.Token, request.Now)
	if err != nil {
		return object{"verdict": "reject", "reason": "other", "message": err.Error()}
	}
	return object{"verdict": "accept", "claims": claims}
}

func serve(library library) {
	input := bufio.NewReaderSize(os.Stdin, 1<<20)
	for {
		line, err := input.ReadBytes('\n')
		if err != nil {
			return
		}
		reply, _ := json.Marshal(library.answer(line))
		os.Stdout.Write(append(reply, '\n'))
	}
}
