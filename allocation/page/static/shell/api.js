// Calls of the server. What it refuses is a Refused with every problem, to be shown beside its cell or above the view.

import { looking } from "./looking.js";
import { leaves, noted, overtaken } from "./newer.js";
import { lang } from "./words.js";

export class Refused extends Error {
  constructor(status, problems) {
    super(problems.map((problem) => problem.text).join("\n"));
    this.status = status;
    this.problems = problems;
  }
}

export class Gone extends Error {}

export async function ask(name, asked = {}, signal = undefined) {
  return sent(`/api/${name}`, { method: "POST", body: JSON.stringify(asked), signal }, asked);
}

const AGAIN = 1500; // milliseconds until a server that is gone is asked again
let waiting = null;

// Until the server answers again: one asks for all who wait.
export function back() {
  waiting ||= new Promise((done) => {
    const again = async () => {
      try {
        await fetch("/words");
        waiting = null;
        done();
      } catch {
        setTimeout(again, AGAIN);
      }
    };
    setTimeout(again, AGAIN);
  });
  return waiting;
}

// A file that was dropped; into a folder of the desk where one is named.
export async function hand(file, folder = "") {
  const within = folder ? `&folder=${encodeURIComponent(folder)}` : "";
  return sent(`/api/files?name=${encodeURIComponent(file.name)}${within}`, { method: "PUT", body: file });
}

export function address(file) {
  return `/file/${file.split("/").map(encodeURIComponent).join("/")}?lang=${lang()}`;
}

async function sent(to, how, asked = {}) {
  const arrived = leaves(asked);
  try {
    return await answered(to, how, asked);
  } finally {
    arrived();
  }
}

async function answered(to, how, asked) {
  let answer;
  try {
    answer = await fetch(to, { ...how, headers: { "x-allocation": "1", "x-lang": lang(), ...(looking() ? { "x-look": "1" } : {}) } });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Gone();
  }
  if (answer.ok) {
    noted(asked, Number(answer.headers.get("x-revision")));
    return answer.json();
  }
  if (answer.status === 409) overtaken(asked);
  const body = await answer.text();
  let problems;
  try {
    problems = JSON.parse(body).problems;
  } catch {
    problems = [{ id: "", text: body, place: "", sheet: "", cell: "", advice: false }];
  }
  throw new Refused(answer.status, problems);
}
