// Command chart renders the templates of a Helm chart as `helm template` does, with the engine and the functions that Helm builds on, for
// machines without Helm. Input: JSON with templates (name -> text), values, and release (its name and namespace). Output: JSON, name
// -> text.
package main

import (
	"encoding/json"
	"log"
	"os"
	"strings"
	"text/template"

	"github.com/Masterminds/sprig/v3"
)

type input struct {
	Templates map[string]string
	Values    map[string]any
	Release   map[string]any
}

func main() {
	log.SetFlags(0)
	var given input
	check(json.NewDecoder(os.Stdin).Decode(&given))
	// As in Helm, a value that does not exist is empty.
	all := template.New("chart").Option("missingkey=zero").Funcs(sprig.TxtFuncMap())
	all.Funcs(template.FuncMap{"include": func(name string, data any) (string, error) {
		var text strings.Builder
		err := all.ExecuteTemplate(&text, name, data)
		return text.String(), err
	}})
	for name, text := range given.Templates {
		_, err := all.New("clustr/templates/" + name).Parse(text)
		check(err)
	}
	rendered := map[string]string{}
	for name := range given.Templates {
		var text strings.Builder
		path := "clustr/templates/" + name
		check(all.ExecuteTemplate(&text, path, map[string]any{
			"Values":   given.Values,
			"Release":  given.Release,
			"Template": map[string]any{"Name": path, "BasePath": "clustr/templates"},
		}))
		rendered[name] = text.String()
	}
	check(json.NewEncoder(os.Stdout).Encode(rendered))
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
