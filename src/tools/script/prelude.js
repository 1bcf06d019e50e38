// Makes `console`, and gives what the sandbox needs: how a value is shown, and how a result is awaited.
(function (print, longest, kept_back) {
    "use strict";
    const stringify = JSON.stringify;

    function replacer() {
        const around = [];
        return function (key, value) {
            if (typeof value === "bigint") return `${value}n`;
            if (typeof value === "undefined" || typeof value === "symbol") return undefined;
            if (typeof value === "function") return undefined;
            if (typeof value !== "object" || value === null) return value;
            while (around.length > 0 && around[around.length - 1] !== this) around.pop();
            if (around.includes(value)) return "[circular]";
            around.push(value);
            if (value instanceof Error) return `${value.name}: ${value.message}`;
            let plain = value;
            if (value instanceof Map) plain = Object.fromEntries(value);
            else if (value instanceof Set || ArrayBuffer.isView(value)) plain = Array.from(value);
            // What stands for a value is around what it holds.
            if (plain !== value) around.push(plain);
            return plain;
        };
    }

    function show(value) {
        try {
            if (typeof value === "string") return value;
            if (typeof value === "bigint") return `${value}n`;
            if (typeof value === "function") return `[function ${value.name || "without a name"}]`;
            if (Object.is(value, -0)) return "-0";
            if (typeof value !== "object" || value === null) return String(value);
            if (value instanceof Error) {
                const stack = String(value.stack || "").trimEnd();
                return `${value.name}: ${value.message}${stack ? `\n${stack}` : ""}`;
            }
            const text = stringify(value, replacer());
            return text === undefined ? String(value) : text;
        } catch (error) {
            return "[a value that cannot be shown]";
        }
    }

    const shown = (value) => {
        const text = show(value);
        return (text.length > longest ? text.slice(0, longest) : text).toWellFormed();
    };
    const line = (mark) => (...values) => {
        print(mark + shown(values.map(show).join(" ")) + "\n");
    };
    globalThis.console = {
        log: line(""), info: line(""), debug: line(""), warn: line("[warn] "), error: line("[error] "),
    };
    // A script's last value is what it gives; a promise is waited for.
    const settle = async (result) => await result.value;
    return { shown, settle, kept_back: new ArrayBuffer(kept_back) };
})
