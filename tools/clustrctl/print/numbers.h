#ifndef CLUSTR_TOOLS_CLUSTRCTL_PRINT_NUMBERS_H_
#define CLUSTR_TOOLS_CLUSTRCTL_PRINT_NUMBERS_H_

#include <cstdint>
#include <string>

// Formats numbers for human readers.
namespace clustr::ctl {

// Formats 1234567 as `1,234,567`.
std::string WithSeparators(int64_t number);

// `1 product`, `2,000 products`: a number with the noun, which takes an s.
std::string Count(int64_t number, const char* noun);

// Formats 1234.5 as `1,234.50`.
std::string Money(double amount);

// Formats a ratio such as a lift with four significant digits: `12.35`, `0.001235`.
std::string Ratio(double value);

// Formats a share as a percentage: 0.0125 as `1.25 %`.
std::string Percent(double share);

// Formats bytes in the largest fitting unit: `12.3 MiB`.
std::string Bytes(int64_t bytes);

// Formats a duration in its one or two largest units: `2 h 5 min`, `340 ms`.
std::string Duration(double seconds);

}  // namespace clustr::ctl

#endif  // CLUSTR_TOOLS_CLUSTRCTL_PRINT_NUMBERS_H_
