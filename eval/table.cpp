#include "eval/table.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace eval {
namespace {

using Figure = std::optional<double>;

struct Column {
  const char* key;    ///< in CSV and JSON
  const char* title;  ///< for people
  int decimals;
  Figure (*figure)(const Figures&);
};

Figure f1(const Figures& figures) {
  return figures.damage ? Figure(figures.damage->f1()) : std::nullopt;
}
Figure iou(const Figures& figures) {
  return figures.damage ? Figure(figures.damage->iou()) : std::nullopt;
}

constexpr std::array kColumns{
    Column{"psnr", "PSNR", 2, [](const Figures& figures) { return figures.psnr; }},
    Column{"ssim", "SSIM", 4, [](const Figures& figures) { return figures.ssim; }},
    Column{"hole_psnr", "hole PSNR", 2, [](const Figures& figures) { return figures.hole_psnr; }},
    Column{"damage_f1", "F1", 3, f1},
    Column{"damage_iou", "IoU", 3, iou},
    Column{"false_damage", "marked %", 3,
           [](const Figures& figures) { return figures.false_damage; }},
    Column{"most_false_damage", "most", 2,
           [](const Figures& figures) { return figures.most_false_damage; }},
    Column{"border_psnr", "border PSNR", 2,
           [](const Figures& figures) { return figures.border_psnr; }},
    Column{"photo_psnr", "photo PSNR", 2,
           [](const Figures& figures) { return figures.photo_psnr; }},
    Column{"ciede2000", "CIEDE2000", 2, [](const Figures& figures) { return figures.ciede2000; }},
    Column{"colourfulness", "colourfulness", 1,
           [](const Figures& figures) { return figures.colourfulness; }},
    Column{"colourfulness_of_original", "of original", 1,
           [](const Figures& figures) { return figures.colourfulness_of_original; }}};

using Line = std::vector<std::string>;

Line text_line(const EvalRow& row, const std::vector<Column>& columns) {
  Line line{row.task, row.method, row.strength.empty() ? "-" : row.strength,
            std::to_string(row.figures.size())};
  const Figures mean = row.mean();
  for (const Column& column : columns) {
    const Figure figure = column.figure(mean);
    line.push_back(figure ? fmt::format("{:.{}f}", *figure, column.decimals) : "-");
  }
  return line;
}

std::vector<Column> columns_in_use(const std::vector<EvalRow>& rows) {
  std::vector<Column> columns;
  std::copy_if(kColumns.begin(), kColumns.end(), std::back_inserter(columns), [&](const Column& c) {
    return std::any_of(rows.begin(), rows.end(),
                       [&](const EvalRow& row) { return c.figure(row.mean()).has_value(); });
  });
  return columns;
}

/// Words to the left, numbers to the right.
std::string aligned(const std::vector<Line>& lines) {
  constexpr size_t kWordColumns = 3;
  std::vector<size_t> widths(lines.front().size());
  for (const Line& line : lines) {
    for (size_t i = 0; i < line.size(); ++i) widths[i] = std::max(widths[i], line[i].size());
  }
  std::string text;
  for (const Line& line : lines) {
    for (size_t i = 0; i < line.size(); ++i) {
      const char* gap = i == 0 ? "" : "  ";
      text += i < kWordColumns ? fmt::format("{}{:<{}}", gap, line[i], widths[i])
                               : fmt::format("{}{:>{}}", gap, line[i], widths[i]);
    }
    text += "\n";
  }
  return text;
}

/// In quotes where it must be. Source: RFC 4180.
std::string csv_value(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? "\"\"" : std::string(1, c);
  return quoted + "\"";
}

nlohmann::json figures_json(const Figures& figures) {
  nlohmann::json json = nlohmann::json::object();
  for (const Column& column : kColumns) {
    if (const Figure figure = column.figure(figures)) json[column.key] = *figure;
  }
  return json;
}

}  // namespace

std::string rows_text(const std::vector<EvalRow>& rows) {
  const std::vector<Column> columns = columns_in_use(rows);
  std::vector<Line> lines{{"task", "method", "strength", "pictures"}};
  for (const Column& column : columns) lines[0].emplace_back(column.title);
  for (const EvalRow& row : rows) lines.push_back(text_line(row, columns));
  return aligned(lines);
}

std::string rows_csv(const std::vector<EvalRow>& rows) {
  std::string csv = "task,method,strength,pictures";
  for (const Column& column : kColumns) csv += fmt::format(",{}", column.key);
  csv += "\n";
  for (const EvalRow& row : rows) {
    csv += fmt::format("{},{},{},{}", csv_value(row.task), csv_value(row.method), row.strength,
                       row.figures.size());
    const Figures mean = row.mean();
    for (const Column& column : kColumns) {
      const Figure figure = column.figure(mean);
      csv += figure ? fmt::format(",{}", *figure) : ",";
    }
    csv += "\n";
  }
  return csv;
}

nlohmann::json rows_json(const std::vector<EvalRow>& rows) {
  nlohmann::json list = nlohmann::json::array();
  for (const EvalRow& row : rows) {
    nlohmann::json json = figures_json(row.mean());
    json["task"] = row.task;
    json["method"] = row.method;
    if (!row.strength.empty()) json["strength"] = row.strength;
    json["pictures"] = nlohmann::json::array();
    for (size_t i = 0; i < row.figures.size(); ++i) {
      nlohmann::json picture = figures_json(row.figures[i]);
      picture["name"] = row.names[i];
      if (!row.files.empty()) picture["file"] = row.files[i];
      json["pictures"].push_back(std::move(picture));
    }
    list.push_back(std::move(json));
  }
  return {{"rows", std::move(list)}};
}

}  // namespace eval
