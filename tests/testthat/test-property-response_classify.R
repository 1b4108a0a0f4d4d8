test_that("order of rows, threads and names of patients change nothing", {
  set.seed(73)
  d <- random_patients(700)
  one <- as.data.frame(classify_response(d, thalidomide_rule(), id = id, visit = visit))
  mixed <- d[sample(nrow(d)), ]
  expect_identical(as.data.frame(classify_response(mixed, thalidomide_rule(), id = id, visit = visit, threads = 3)), one)
  d$id <- sprintf("P%04d", d$id)
  named <- as.data.frame(classify_response(d, thalidomide_rule(), id = id, visit = visit))
  expect_identical(named[-1], one[-1])
})

test_that("another unit with the cut-offs in it gives the same classes", {
  set.seed(74)
  d <- random_patients(200)
  litre <- transform(d, hb = hb * 10)
  rule <- response_rule(main = change(hb) > "2.0", minor = change(hb) >= "1.0", none = otherwise())
  tenfold <- response_rule(main = change(hb) > 20, minor = change(hb) >= 10, none = otherwise())
  expect_identical(classify_response(d, rule, id = id, visit = visit)$class,
    classify_response(litre, tenfold, id = id, visit = visit)$class)
})

test_that("long data and wide data give the same classes", {
  set.seed(75)
  d <- random_patients(200, c(0, 1))
  wide <- merge(d[d$visit == 0, c("id", "hb")], d[d$visit == 1, c("id", "hb")], by = "id", all = TRUE,
    suffixes = c("0", ""))
  rule <- response_rule(main = change(hb) > "2.0", minor = change(hb) >= "1.0", none = otherwise())
  long <- classify_response(d, rule, id = id, visit = visit)
  expect_identical(as.character(classify_response(wide, rule, id = id, baseline = hb0)$class), as.character(long$class))
})

test_that("a stricter requirement never raises a class", {
  set.seed(76)
  d <- random_patients(200, 0:5)
  level <- function(...) {
    as.integer(classify_response(d, thalidomide_rule(zero_baseline = "nonresponder", ...), id = id, visit = visit)$class)
  }
  expect_true(all(level(sustained = 2) <= level()))
  expect_true(all(level(sustained = 3) <= level(sustained = 2)))
  expect_true(all(level(confirmed = TRUE) <= level()))
})
